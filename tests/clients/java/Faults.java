import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Base64;

/**
 * Calls with HttpURLConnection. Of each call prints the status, or what was thrown, or "short", and the body in
 * Base64.
 *
 * <p>Usage: java Faults.java {URL SCENARIO PATIENCE_MS}...; an empty SCENARIO asks for none.
 */
public class Faults {
    public static void main(String[] args) throws Exception {
        for (int place = 0; place < args.length; place += 3) {
            System.out.println(call(args[place], args[place + 1], Integer.parseInt(args[place + 2])));
        }
    }

    private static String call(String url, String scenario, int patience) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setRequestProperty("X-Auth-Token", "any-token");
        connection.setConnectTimeout(10000);
        connection.setReadTimeout(patience);
        if (!scenario.isEmpty()) {
            connection.setRequestProperty("Prefer", "scenario=" + scenario);
        }
        try {
            int status = connection.getResponseCode();
            InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            byte[] body = stream.readAllBytes();
            stream.close();
            String seen = body.length < connection.getContentLength() ? "short" : Integer.toString(status);
            return seen + " " + Base64.getEncoder().encodeToString(body);
        } catch (IOException problem) {
            String message = String.valueOf(problem.getMessage()).replace(' ', '_');
            return problem.getClass().getSimpleName() + ":" + message + " ";
        }
    }
}
