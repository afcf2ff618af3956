package dev.ancestral.server.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.engine.FakeTicker;
import dev.ancestral.server.log.LogLevel;
import dev.ancestral.server.log.LogLines;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over Netty on loopback, by those who speak no gRPC. */
@Timeout(60)
final class DoorHttpTest {
  private final LogLines log = new LogLines(LogLevel.INFO);
  private final ObedientServer server =
      ObedientServer.behind(new Door(LoggedRequests.FAILED, name -> name, new FakeTicker()));

  @AfterEach
  void close() {
    server.close();
    log.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH"})
  void aRequestOfHttp1GetsAnAnswerThatItCanRead(String method) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
            .method(method, HttpRequest.BodyPublishers.ofString("x".repeat(50_000)))
            .build();
    // Java's client would rather speak HTTP/2, and asks for it in a request of HTTP/1.
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("grpcurl -plaintext"), response.body());
    assertTrue(
        log.next().matches("info  a request of HTTP/1 from 127\\.0\\.0\\.1:\\d+ was refused: .*"));
  }

  @Test
  void http2IsServedAlsoWhereItsFirstBytesComeOneByOne() throws Exception {
    try (RawHttp2 raw = new RawHttp2(server.port())) {
      for (byte b : RawHttp2.PREFACE) {
        raw.send(b);
      }
      raw.settings();
      assertEquals(RawHttp2.SETTINGS, raw.frame());
    }
  }

  @Test
  void aClientMayPingAsOftenAsItLikes_withoutAnyCall() throws Exception {
    try (RawHttp2 raw = new RawHttp2(server.port())) {
      raw.send(RawHttp2.PREFACE);
      raw.settings();
      int answered = 0;
      for (int i = 0; i < 20; i++) {
        raw.ping();
      }
      while (answered < 20) {
        int type = raw.frame();
        assertFalse(type == RawHttp2.GOAWAY, "sent away after " + answered);
        answered += type == RawHttp2.PING ? 1 : 0;
      }
    }
  }
}
