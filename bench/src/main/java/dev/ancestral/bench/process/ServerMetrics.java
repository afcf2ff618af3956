package dev.ancestral.bench.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The counters that a server shows to Prometheus, read when they are asked for.
 *
 * @param target HOST:PORT
 */
public record ServerMetrics(String target) {
  /** Seconds in calls of the network. */
  public static final String CALL_SECONDS = "ancestral_call_seconds_total";

  /** Rows of all calls of the network. */
  public static final String CALL_ROWS = "ancestral_call_rows_total";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int FOUND = 200;

  /**
   * A counter's values.
   *
   * @param byModel each model's
   */
  public record Values(Map<String, Double> byModel) {
    /** Copies. */
    public Values {
      byModel = Map.copyOf(byModel);
    }

    /**
     * Of a model.
     *
     * @throws IllegalArgumentException naming it and those that are known
     */
    public double of(String model) {
      Double value = byModel.get(model);
      if (value == null) {
        throw new IllegalArgumentException(
            "metrics: no model %s (expected one of: %s)".formatted(model, byModel.keySet()));
      }
      return value;
    }

    /** Of all models together. */
    public double sum() {
      return byModel.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /**
   * A counter's values now.
   *
   * @throws IOException if it has none
   */
  public Values read(String counter) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + target + "/metrics"))
            .timeout(PATIENCE)
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    Values values = parse(response.body(), counter);
    if (response.statusCode() != FOUND || values.byModel().isEmpty()) {
      throw new IOException(
          "metrics: status %d, no %s (expected: one for each model)"
              .formatted(response.statusCode(), counter));
    }
    return values;
  }

  /** The values of a counter in Prometheus' text. */
  static Values parse(String text, String counter) {
    Matcher lines =
        Pattern.compile("(?m)^" + counter + "\\{model=\"([^\"]*)\"\\} (\\S+)").matcher(text);
    Map<String, Double> values = new HashMap<>();
    while (lines.find()) {
      values.put(lines.group(1), Double.valueOf(lines.group(2)));
    }
    return new Values(values);
  }
}
