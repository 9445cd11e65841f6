import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Calls session-stats twice with java.net.http.HttpClient, which offers to speak HTTP/2 with every request
 * it sends in the clear ("Upgrade: h2c"). Without a token it logs in first.
 *
 * <p>Usage: java TwoCalls.java BASE_URL [TOKEN]
 */
public class TwoCalls {
    private static final String LOGIN = "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
            + "{\"user\":{\"name\":\"mockcbs\",\"password\":\"mockcbs\",\"domain\":{\"name\":\"mockcbs\"}}}},"
            + "\"scope\":{\"project\":{\"name\":\"cn-north-4\"}}}}";
    private static final String PATH = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/"
            + "303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/session-stats";

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        HttpClient client = HttpClient.newHttpClient();
        String token = args.length > 1 ? args[1] : getToken(client, args[0]);
        for (int start = 1; start <= 2; start++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(args[0] + PATH + "?interval=day&start_time=" + start))
                    .timeout(Duration.ofSeconds(10))
                    .header("X-Auth-Token", token)
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            out.println(answer.statusCode() + " " + answer.version() + " " + answer.body());
        }
    }

    private static String getToken(HttpClient client, String base) throws Exception {
        HttpRequest login = HttpRequest.newBuilder(URI.create(base + "/v3/auth/tokens"))
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString(LOGIN))
                .build();
        HttpResponse<String> answer = client.send(login, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return answer.headers().firstValue("X-Subject-Token").orElseThrow();
    }
}
