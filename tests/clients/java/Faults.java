import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Calls with HttpURLConnection once for each scenario named, and once more without a scenario; prints what
 * it sees of each.
 *
 * <p>Usage: java Faults.java URL SCENARIO...
 */
public class Faults {
    public static void main(String[] args) throws Exception {
        for (int place = 1; place < args.length; place++) {
            System.out.println(args[place] + " " + call(args[0], args[place]) + " " + call(args[0], null));
        }
    }

    private static String call(String url, String scenario) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setRequestProperty("X-Auth-Token", "any-token");
        connection.setConnectTimeout(5000);
        connection.setReadTimeout(scenario == null ? 10000 : 500);
        if (scenario != null) {
            connection.setRequestProperty("Prefer", "scenario=" + scenario);
        }
        try {
            int status = connection.getResponseCode();
            InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            int length = stream.readAllBytes().length;
            stream.close();
            return length < connection.getContentLength() ? "short" : Integer.toString(status);
        } catch (IOException problem) {
            return problem.getClass().getSimpleName() + ":" + String.valueOf(problem.getMessage()).replace(' ', '_');
        }
    }
}
