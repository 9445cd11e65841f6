// A test of a client in Java, without a library: `java -ea SessionsTest.java`. In JUnit each method below is a test.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class SessionsTest {
    static final String PROJECT = "1604d8170cd84440a81281e5a3a04f8b";
    static final String BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02";
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static String url;

    public static void main(String[] arguments) throws Exception {
        Process server = new ProcessBuilder("mockcbs", "serve", "--port", "0", "--quiet", "--dataset", "empty")
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            url = new BufferedReader(new InputStreamReader(server.getInputStream())).readLine();
            aQuestionIsASession();
            oneFailureIsOutlasted();
            trafficIsThatOfItsSeed();
            System.out.println("3 passed");
        } finally {
            server.destroy();
        }
    }

    static void aQuestionIsASession() throws Exception {
        control("POST", "reset", "{}");
        control("POST", "turns", "{\"bot\": \"" + BOT + "\", \"question\": \"where is my invoice\", \"user\": \"u1\"}");

        assert sessions() == 1;
    }

    static void oneFailureIsOutlasted() throws Exception {
        control("POST", "reset", "{}");
        control("PUT", "scenario", "{\"scenario\": \"flaky-once\"}");

        assert sessions() == 0;
        control("POST", "journal/verify", "{\"pattern\": {\"operation\": \"cbs.session_stats\"}, \"count\": 2}");
    }

    static void trafficIsThatOfItsSeed() throws Exception {
        control("POST", "reset", "{}");
        control("PUT", "clock", "{\"freeze\": \"2026-11-22T12:00:00Z\"}");
        control("PUT", "dataset", "{\"dataset\": \"everyday\"}");
        control("PUT", "seed", "{\"seed\": 7}");
        int first = sessions();
        control("PUT", "seed", "{\"seed\": 8}");

        assert sessions() != first;
        control("PUT", "seed", "{\"seed\": 7}");
        assert sessions() == first;
    }

    /** The client: it reads one figure, and tries again when the service stumbles. */
    static int sessions() throws Exception {
        String path = "/v1/" + PROJECT + "/qabots/" + BOT + "/requests/session-stats?interval=day";
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).header("X-Auth-Token", "any-token").build();
        for (int attempt = 0; attempt < 3; attempt++) {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            Matcher count = Pattern.compile("\"session_count\":(\\d+)").matcher(response.body());
            if (response.statusCode() == 200 && count.find()) {
                return Integer.parseInt(count.group(1));
            }
        }
        throw new IllegalStateException("no answer in 3 attempts");
    }

    static void control(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/_mockcbs/" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8)).build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(path + ": " + response.body());
        }
    }
}
