package dev.ancestral.server.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.engine.FakeTicker;
import dev.ancestral.server.log.LogLevel;
import dev.ancestral.server.log.LogLines;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.ListModelsRequest;
import dev.ancestral.v1.ListModelsResponse;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over Netty on loopback, with services that do as they are told. */
@Timeout(60)
final class DoorTest {
  private final LogLines log = new LogLines(LogLevel.INFO);
  private final FakeTicker ticker = new FakeTicker();
  private final Door door =
      new Door(LoggedRequests.FAILED, name -> name.isEmpty() ? "digits" : name, ticker);
  private final ObedientServer server = ObedientServer.behind(door);
  private final ManagedChannel channel = server.connect();

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.close();
    log.close();
  }

  private Iterator<SampleResponse> sample(SampleRequest request) {
    return SamplerGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .sample(request);
  }

  private Status.Code sampled(String code) {
    return assertThrows(
            StatusRuntimeException.class,
            () ->
                sample(SampleRequest.newBuilder().setSampler(code).build())
                    .forEachRemaining(response -> {}))
        .getStatus()
        .getCode();
  }

  /** Bytes as they are. */
  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    RAW;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private Status send(MethodDescriptor<?, ?> method, byte[] body) {
    try {
      ClientCalls.blockingServerStreamingCall(
              channel,
              method.toBuilder(Bytes.RAW, Bytes.RAW).build(),
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
              body)
          .forEachRemaining(response -> {});
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Test
  void bytesThatAreNoMessageAreInvalid_whicheverServiceTheyAreFor() throws Exception {
    byte[] broken = {0x0a, 0x04};
    int methods = 0;
    for (var service : server.services()) {
      for (var method : service.getMethods()) {
        Status status = send(method.getMethodDescriptor(), broken);
        String name = method.getMethodDescriptor().getFullMethodName();
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), name);
        String words = String.valueOf(status.getDescription());
        assertTrue(words.startsWith("request: its bytes cannot be read: "), words);
        assertTrue(words.endsWith(" (expected: the message that " + name + " takes)"), words);
        assertTrue(log.next().startsWith("info  " + name + " INVALID_ARGUMENT after "));
        methods++;
      }
    }
    assertTrue(methods >= 10, methods + " methods");
    assertEquals(List.of(), log.rest());
  }

  @Test
  void thousandsOfThemAreAFewLines() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int invalid = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] body = new byte[2 + random.nextInt(40)];
      random.nextBytes(body);
      // A string that is longer than what follows.
      body[0] = 0x0a;
      body[1] = 0x7f;
      Status status = send(SamplerGrpc.getSampleMethod(), body);
      invalid += status.getCode() == Status.Code.INVALID_ARGUMENT ? 1 : 0;
    }
    assertEquals(1000, invalid, "seed " + seed);
    for (int i = 0; i < Repeats.SHOWN; i++) {
      assertTrue(log.next().contains(" INVALID_ARGUMENT "));
    }
    // A connection's calls are logged in the order of their ends: after this one, all are counted.
    assertEquals(Status.Code.NOT_FOUND, sampled("NOT_FOUND"));
    assertTrue(log.next().contains(" NOT_FOUND "));
    door.close();
    assertEquals(
        "info  ancestral.v1.Sampler/Sample INVALID_ARGUMENT: 995 more, beside the 5 above",
        log.next());
  }

  @Test
  void aRequestThatFailsIsOneLine_withStatusTimePeerModelRequestAndWords() throws Exception {
    assertEquals(
        Status.Code.INTERNAL,
        assertThrows(
                StatusRuntimeException.class,
                () ->
                    sample(
                            SampleRequest.newBuilder()
                                .setSampler("INTERNAL")
                                .setEncoding(Encoding.ENCODING_PNG)
                                .build())
                        .forEachRemaining(response -> {}))
            .getStatus()
            .getCode());
    String line = log.next();
    assertTrue(
        line.matches(
            "error ancestral.v1.Sampler/Sample INTERNAL after 0\\.0 ms, from 127\\.0\\.0\\.1:\\d+,"
                + " model digits, request sampler='INTERNAL' encoding=ENCODING_PNG: as\\\\ntold.*"),
        line);
    assertEquals(List.of(), log.rest(), "no stack trace");
  }

  @Test
  void whatEndsWellOrIsGivenUpIsNoLine() throws Exception {
    sample(SampleRequest.newBuilder().setSampler("OK").build()).forEachRemaining(response -> {});
    assertEquals(Status.Code.CANCELLED, sampled("CANCELLED"));
    assertEquals(Status.Code.NOT_FOUND, sampled("NOT_FOUND"));
    assertTrue(log.next().contains("NOT_FOUND"), "the first line is the third call's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVALID_ARGUMENT info ", "RESOURCE_EXHAUSTED warn ", "INTERNAL error"})
  void whoseFaultItIsDecidesTheLevel(String codeAndLevel) throws Exception {
    String[] words = codeAndLevel.split(" ", 2);
    assertEquals(Status.Code.valueOf(words[0]), sampled(words[0]));
    String line = log.next();
    assertTrue(line.startsWith(words[1] + " "), line);
  }

  @Test
  void repeatsAreSummedAfterTenSeconds() throws Exception {
    for (int i = 0; i < Repeats.SHOWN + 3; i++) {
      sampled("ABORTED");
    }
    for (int i = 0; i < Repeats.SHOWN; i++) {
      assertTrue(log.next().contains(" ABORTED after "));
    }
    sampled("UNAVAILABLE");
    assertTrue(log.next().contains(" UNAVAILABLE after "), "another kind");
    door.tick();
    assertEquals(List.of(), log.rest());
    ticker.advance(Repeats.WINDOW);
    door.tick();
    assertEquals(
        "warn  ancestral.v1.Sampler/Sample ABORTED: 3 more, beside the 5 above", log.next());
  }

  @Test
  void whatThrowsIsInternal_andALine() throws Exception {
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                ModelsGrpc.newBlockingStub(channel).getModel(GetModelRequest.getDefaultInstance()));
    assertEquals("INTERNAL: a mistake of ours", e.getMessage());
    assertTrue(log.next().matches("error ancestral.v1.Models/GetModel INTERNAL .*: a mistake .*"));
    assertEquals(List.of(), log.rest());
  }

  @Test
  void aMethodThatThereIsNot_andAMessageOverTheLimit_areLinesToo() throws Exception {
    var unknown =
        SamplerGrpc.getSampleMethod().toBuilder().setFullMethodName("evil.v1/READY").build();
    assertEquals(Status.Code.UNIMPLEMENTED, send(unknown, new byte[0]).getCode());
    assertTrue(log.next().startsWith("info  evil.v1/READY UNIMPLEMENTED after "));
    assertEquals(
        Status.Code.RESOURCE_EXHAUSTED,
        send(SamplerGrpc.getSampleMethod(), new byte[ObedientServer.LARGEST_MESSAGE + 1])
            .getCode());
    assertTrue(log.next().startsWith("warn  ancestral.v1.Sampler/Sample RESOURCE_EXHAUSTED "));
  }

  @Test
  void onRequestEveryCallIsALine() throws Exception {
    Door talkative = new Door(LoggedRequests.ALL, name -> name, ticker);
    ObedientServer other = ObedientServer.behind(talkative);
    ManagedChannel own = other.connect();
    try {
      for (int i = 0; i < Repeats.SHOWN + 2; i++) {
        StreamObserver<ListModelsResponse> nobody =
            new StreamObserver<>() {
              @Override
              public void onNext(ListModelsResponse value) {}

              @Override
              public void onError(Throwable t) {}

              @Override
              public void onCompleted() {}
            };
        ModelsGrpc.newStub(own).listModels(ListModelsRequest.getDefaultInstance(), nobody);
        String line = log.next();
        assertTrue(
            line.startsWith("info  ancestral.v1.Models/ListModels UNIMPLEMENTED after "), line);
      }
      SamplerGrpc.newBlockingStub(own)
          .sample(SampleRequest.newBuilder().setSampler("OK").build())
          .forEachRemaining(response -> {});
      String line = log.next();
      assertTrue(line.startsWith("info  ancestral.v1.Sampler/Sample OK after "), line);
    } finally {
      own.shutdownNow();
      other.close();
    }
  }

  @Test
  void healthIsServedThroughTheDoor() {
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                HealthGrpc.newBlockingStub(channel)
                    .check(
                        io.grpc.health.v1.HealthCheckRequest.newBuilder()
                            .setService("cats")
                            .build()));
    assertEquals(Status.Code.NOT_FOUND, e.getStatus().getCode());
  }
}
