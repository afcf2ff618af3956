package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:50051, dns:///127.0.0.1:50051",
    "localhost:1,     dns:///localhost:1",
    "[::1]:50051,     dns:///%5B::1%5D:50051",
    "unix:/run/a b,   unix:/run/a b",
    "unix:///run/s,   unix:///run/s"
  })
  void whatPeopleWriteIsWhatGrpcResolves(String target, String uri) {
    assertEquals(uri, Target.parse(target));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "unix:", "::1:50051", "localhost", "localhost:0", "a/b:1"})
  void anythingElseIsRefused(String target) {
    assertEquals(
        "target: %s (expected: HOST:PORT, with a port of 1..65535, or unix:PATH)".formatted(target),
        assertThrows(IllegalArgumentException.class, () -> Target.parse(target)).getMessage());
  }
}
