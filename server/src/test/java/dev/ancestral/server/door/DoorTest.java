package dev.ancestral.server.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.engine.FakeTicker;
import dev.ancestral.server.log.LogLevel;
import dev.ancestral.server.log.LogLines;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.ListModelsRequest;
import dev.ancestral.v1.ListModelsResponse;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
  private static final int LARGEST = 10_000;

  private final LogLines log = new LogLines(LogLevel.INFO);
  private final FakeTicker ticker = new FakeTicker();
  private final Door door =
      new Door(LoggedRequests.FAILED, name -> name.isEmpty() ? "digits" : name, ticker);
  private final Server server = start(door);
  private final ManagedChannel channel = connect(server);

  private static Server start(Door door) {
    try {
      return door.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .maxInboundMessageSize(LARGEST)
          .addService(door.guard(new ObedientSampler()))
          .addService(door.guard(new FailingModels()))
          .addService(door.guard(new HealthStatusManager().getHealthService()))
          .addService(door.guard(ProtoReflectionServiceV1.newInstance()))
          .addService(door.guard(ChannelzService.newInstance(10)))
          .build()
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ManagedChannel connect(Server server) {
    return NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.shutdownNow();
    log.close();
  }

  /** Ends as the request's sampler says, and never where it says nothing. */
  private static final class ObedientSampler extends SamplerGrpc.SamplerImplBase {
    @Override
    public void sample(SampleRequest request, StreamObserver<SampleResponse> out) {
      out.onNext(SampleResponse.getDefaultInstance());
      if (request.getSampler().equals("OK")) {
        out.onCompleted();
      } else if (!request.getSampler().isEmpty()) {
        out.onError(
            Status.Code.valueOf(request.getSampler())
                .toStatus()
                .withDescription("as\ntold")
                .withCause(new IllegalStateException("deep down"))
                .asRuntimeException());
      }
    }
  }

  private static final class FailingModels extends ModelsGrpc.ModelsImplBase {
    @Override
    public void getModel(GetModelRequest request, StreamObserver<Model> out) {
      throw new IllegalStateException("a mistake of ours");
    }
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
    for (var service : server.getServices()) {
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
        send(SamplerGrpc.getSampleMethod(), new byte[LARGEST + 1]).getCode());
    assertTrue(log.next().startsWith("warn  ancestral.v1.Sampler/Sample RESOURCE_EXHAUSTED "));
  }

  @Test
  void onRequestEveryCallIsALine() throws Exception {
    Door talkative = new Door(LoggedRequests.ALL, name -> name, ticker);
    Server other = start(talkative);
    ManagedChannel own = connect(other);
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
      other.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH"})
  void aRequestOfHttp1GetsAnAnswerThatItCanRead(String method) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + "/metrics"))
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
    try (RawHttp2 raw = new RawHttp2()) {
      for (byte b : RawHttp2.PREFACE) {
        raw.send(b);
      }
      raw.settings();
      assertEquals(RawHttp2.SETTINGS, raw.frame());
    }
  }

  @Test
  void aClientMayPingAsOftenAsItLikes_withoutAnyCall() throws Exception {
    try (RawHttp2 raw = new RawHttp2()) {
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

  /** HTTP/2 frame by frame: no client library pings as it should not. */
  private final class RawHttp2 implements AutoCloseable {
    static final byte[] PREFACE =
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;

    private final Socket socket;

    RawHttp2() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(20_000);
    }

    void send(byte... bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    void settings() throws IOException {
      send(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
    }

    void ping() throws IOException {
      send(new byte[] {0, 0, 8, PING, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
    }

    /** Reads a frame, and returns its type. */
    int frame() throws IOException {
      byte[] head = socket.getInputStream().readNBytes(9);
      assertEquals(9, head.length, "the server closed the connection");
      int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
      assertEquals(length, socket.getInputStream().readNBytes(length).length);
      return head[3];
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
