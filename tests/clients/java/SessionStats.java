import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * Calls session-stats as the vendor's Java samples do: a token from IAM, then HttpURLConnection with
 * X-Auth-Token, the answer read line by line, an error from the error stream.
 *
 * <p>Usage: java SessionStats.java BASE_URL QUERY [TOKEN]
 */
public class SessionStats {
    private static final String LOGIN = "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
            + "{\"user\":{\"name\":\"mockcbs\",\"password\":\"mockcbs\",\"domain\":{\"name\":\"mockcbs\"}}}},"
            + "\"scope\":{\"project\":{\"name\":\"cn-north-4\"}}}}";
    private static final String PATH = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/"
            + "303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/session-stats";

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        String token = args.length > 2 ? args[2] : getToken(args[0]);
        URL url = new URL(args[0] + PATH + "?" + args[1]);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod("GET");
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        connection.addRequestProperty("Content-Type", "application/json");
        if (!token.isEmpty()) {
            connection.addRequestProperty("X-Auth-Token", token);
        }
        connection.connect();
        int status = connection.getResponseCode();
        out.println(status);
        out.println(connection.getHeaderField("X-Request-Id"));
        print(status < 400 ? connection.getInputStream() : connection.getErrorStream(), out);
    }

    private static String getToken(String base) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(base + "/v3/auth/tokens").openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.addRequestProperty("Content-Type", "application/json");
        try (OutputStreamWriter body =
                new OutputStreamWriter(connection.getOutputStream(), StandardCharsets.UTF_8)) {
            body.append(LOGIN);
        }
        try (InputStream answer = connection.getInputStream()) {
            answer.readAllBytes();
        }
        return connection.getHeaderField("X-Subject-Token");
    }

    private static void print(InputStream stream, PrintStream out) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                out.println(line);
            }
        }
    }
}
