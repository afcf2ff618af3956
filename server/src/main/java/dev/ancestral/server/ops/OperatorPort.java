package dev.ancestral.server.ops;

import com.sun.net.httpserver.HttpExchange;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What operators and orchestrators ask over HTTP, from before the models are loaded until the end:
 *
 * <pre>
 * /metrics   Prometheus
 * /healthz   200 as long as the process answers
 * /readyz    200 while requests should be sent here; 503 while starting and ending
 * </pre>
 */
final class OperatorPort implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Readiness readiness;
  private final HTTPServer server;

  /**
   * Listens.
   *
   * @throws IOException if it cannot
   */
  OperatorPort(InetAddress address, int port, Readiness readiness) throws IOException {
    this.readiness = readiness;
    this.server =
        HTTPServer.builder()
            .inetAddress(address)
            .port(port)
            .registry(registry)
            .defaultHandler(this::answer)
            .buildAndStart();
  }

  int port() {
    return server.getPort();
  }

  /** Adds what {@code /metrics} shows. */
  void show(MultiCollector metrics) {
    registry.register(metrics);
  }

  private void answer(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/healthz" -> send(exchange, OK, "alive");
      case "/readyz" -> {
        Readiness.State state = readiness.state();
        send(
            exchange,
            state == Readiness.State.READY ? OK : UNAVAILABLE,
            state.name().toLowerCase(Locale.ROOT));
      }
      default -> send(exchange, NOT_FOUND, "expected: /metrics, /healthz or /readyz");
    }
  }

  private static void send(HttpExchange exchange, int status, String line) throws IOException {
    try (exchange) {
      byte[] body = (line + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      exchange.sendResponseHeaders(status, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
