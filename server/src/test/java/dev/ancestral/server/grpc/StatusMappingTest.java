package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.BatchInvariance;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.CostCurve;
import dev.ancestral.server.engine.DeviceShare;
import dev.ancestral.server.engine.Engine;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.engine.EngineSetup;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.server.engine.FakeTicker;
import dev.ancestral.server.engine.QueueFullException;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.ServedModel;
import dev.ancestral.v1.SampleRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class StatusMappingTest {
  @Test
  void aFullQueueSaysWhenToTryAgain() throws Exception {
    StatusRuntimeException e =
        StatusMapping.of(new QueueFullException(3, 30, 32, Duration.ofMillis(2250)));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode());
    RetryInfo retry =
        Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetails(0).unpack(RetryInfo.class);
    assertEquals(2, retry.getRetryDelay().getSeconds());
    assertEquals(250_000_000, retry.getRetryDelay().getNanos());
  }

  @Test
  void aDeadlineThatCannotBeMetSaysWhatIsNeeded() throws Exception {
    CostCurve curve = new CostCurve(1, List.of(new CostCurve.Point(1, 100)));
    try (Engine engine =
            Engine.start(
                new EngineSetup(
                    "slow",
                    new FakeDenoiser(List.of(2L), false, 2),
                    new EngineLimits(1, 4),
                    network -> new Calibration(curve, BatchInvariance.UNVERIFIED),
                    new DeviceShare(),
                    new FakeTicker()));
        TestServer server =
            new TestServer(
                ModelRepository.of(
                    List.of(new ServedModel("points", Bundles.POINTS, engine, "cpu", 1, ""))))) {
      StatusRuntimeException e =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  server
                      .sampler()
                      .sample(SampleRequest.newBuilder().setSampler("ddpm").setSteps(999).build())
                      .next());
      assertEquals(Status.Code.DEADLINE_EXCEEDED, e.getStatus().getCode());
      ErrorInfo info =
          Objects.requireNonNull(StatusProto.fromThrowable(e))
              .getDetails(0)
              .unpack(ErrorInfo.class);
      assertEquals("DEADLINE_TOO_SHORT", info.getReason());
      assertEquals("99900", info.getMetadataOrThrow("estimate_ms"));
      long left = Long.parseLong(info.getMetadataOrThrow("left_ms"));
      assertTrue(left > 0 && left <= 20_000, left + " ms");
    }
  }

  @Test
  void whatARequestSaysComesBackInOneShortLine() throws Exception {
    StatusRuntimeException e =
        StatusMapping.of(
            new InvalidRequestException(
                List.of(
                    new InvalidRequestException.Violation(
                        "sampler", "'a\nREADY grpc=evil\u001b[2J" + "x".repeat(5000)))));
    String message = String.valueOf(e.getStatus().getDescription());
    assertTrue(message.startsWith("sampler: 'a\\nREADY grpc=evil\\u001b[2Jxxx"), message);
    assertTrue(message.length() <= 800, message);
    BadRequest detail =
        Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetails(0).unpack(BadRequest.class);
    String description = detail.getFieldViolations(0).getDescription();
    assertTrue(description.startsWith("'a\\nREADY grpc=evil\\u001b[2Jxxx"), description);
    assertTrue(description.length() <= 300, description);
  }

  @Test
  void aReaderThatStoppedIsAborted() {
    StatusRuntimeException e = StatusMapping.of(new StoppedReaderException(Duration.ofMinutes(5)));
    assertEquals(
        "ABORTED: stream: its reader took nothing for 300 s (expected: a message at least every 300"
            + " s)",
        e.getMessage());
  }
}
