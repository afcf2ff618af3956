package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.rpc.RetryInfo;
import dev.ancestral.server.engine.QueueFullException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
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
  void aReaderThatStoppedIsAborted() {
    StatusRuntimeException e = StatusMapping.of(new StoppedReaderException(Duration.ofMinutes(5)));
    assertEquals(
        "ABORTED: stream: its reader took nothing for 300 s (expected: a message at least every 300 s)",
        e.getMessage());
  }
}
