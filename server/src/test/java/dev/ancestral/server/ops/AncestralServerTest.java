package dev.ancestral.server.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.grpc.SlowReader;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import dev.ancestral.v1.Tensor;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over Netty on loopback, with the real ONNX Runtime. */
@Timeout(60)
final class AncestralServerTest {
  private final Path models;
  private final AncestralServer server;
  private final ManagedChannel channel;

  AncestralServerTest(@TempDir Path models) throws Exception {
    this.models = models;
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
    server = start(Duration.ofSeconds(20));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  private AncestralServer start(Duration drainTimeout) throws IOException {
    return AncestralServer.start(
        ServerConfigs.of(models, "127.0.0.1", 0, 0, DeviceChoice.CPU, drainTimeout));
  }

  private List<String> metrics() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.metricsPort().orElseThrow() + "/metrics");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    return response.body().lines().toList();
  }

  @Test
  void metricsTellWhatEachModelDoes_andWhatItsCallsCost() throws Exception {
    SampleRequest request = SampleRequest.newBuilder().setNumSamples(2).setSteps(5).build();
    SamplerGrpc.newBlockingStub(channel).sample(request).forEachRemaining(response -> {});
    List<String> lines = metrics();
    assertTrue(lines.contains("ancestral_requests_total{model=\"digits\"} 1.0"), lines.toString());
    assertTrue(lines.contains("ancestral_samples_total{model=\"digits\"} 2.0"), lines.toString());
    assertTrue(
        lines.contains("ancestral_refusals_total{model=\"digits\",reason=\"deadline\"} 0.0"),
        lines.toString());
    // Two samples of five steps, as rows of five to ten calls.
    assertTrue(
        lines.contains("ancestral_call_rows_total{model=\"digits\"} 10.0"), lines.toString());
    assertTrue(
        lines.stream()
            .anyMatch(
                line ->
                    line.startsWith("ancestral_call_time_seconds{model=\"digits\",rows=\"1\"} ")),
        lines.toString());
  }

  private static List<Sample> samples(ManagedChannel channel) {
    SampleRequest request =
        SampleRequest.newBuilder()
            .setNumSamples(3)
            .setSteps(7)
            .setSampler("ddpm")
            .setSeed(11)
            .build();
    List<Sample> samples = new ArrayList<>();
    SamplerGrpc.newBlockingStub(channel)
        .sample(request)
        .forEachRemaining(
            response -> {
              if (response.hasSample()) {
                samples.add(response.getSample());
              }
            });
    samples.sort(Comparator.comparingInt(Sample::getSampleIndex));
    return samples;
  }

  @Test
  void aSeedGivesTheSameBytesAfterARestart() throws Exception {
    List<Sample> before = samples(channel);
    assertEquals(3, before.size());
    server.close();
    try (AncestralServer restarted = start(Duration.ofSeconds(20))) {
      ManagedChannel second =
          NettyChannelBuilder.forAddress("127.0.0.1", restarted.port()).usePlaintext().build();
      try {
        assertEquals(before, samples(second));
      } finally {
        second.shutdownNow();
      }
    }
  }

  @Test
  void metricsEndWithTheServer() {
    server.close();
    assertThrows(IOException.class, this::metrics);
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.close();
  }

  private SamplerGrpc.SamplerBlockingStub sampler() {
    return SamplerGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  @Test
  void aRequestThatNamesNothingIsServed() {
    Iterator<SampleResponse> responses = sampler().sample(SampleRequest.getDefaultInstance());
    assertTrue(responses.next().hasAccepted());
    SampleResponse last = SampleResponse.getDefaultInstance();
    while (responses.hasNext()) {
      last = responses.next();
    }
    assertTrue(last.hasSummary());
  }

  @Test
  void healthIsKnownOverallByServiceAndByModel() {
    for (String service : List.of("", "ancestral.v1.Sampler", "ancestral.v1.Models", "digits")) {
      assertEquals(ServingStatus.SERVING, health(service), service);
    }
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, () -> health("cats"));
    assertEquals(Status.Code.NOT_FOUND, e.getStatus().getCode());
  }

  private ServerReflectionResponse reflect(ServerReflectionRequest request) throws Exception {
    BlockingQueue<ServerReflectionResponse> responses = new ArrayBlockingQueue<>(4);
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse value) {
                    responses.add(value);
                  }

                  @Override
                  public void onError(Throwable t) {}

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(request);
    ServerReflectionResponse response = responses.poll(10, TimeUnit.SECONDS);
    requests.onCompleted();
    return Objects.requireNonNull(response);
  }

  @Test
  void servicesAreFoundByReflection() throws Exception {
    ServerReflectionResponse response =
        reflect(ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> services =
        response.getListServicesResponse().getServiceList().stream()
            .map(ServiceResponse::getName)
            .toList();
    assertTrue(
        services.containsAll(
            List.of(
                "ancestral.v1.Models",
                "ancestral.v1.Sampler",
                "grpc.channelz.v1.Channelz",
                "grpc.health.v1.Health",
                "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection")),
        services.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"BadRequest", "ResourceInfo", "RetryInfo"})
  void theDetailsOfARefusalAreFoundByReflection(String detail) throws Exception {
    ServerReflectionResponse response =
        reflect(
            ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("google.rpc." + detail)
                .build());
    assertTrue(response.hasFileDescriptorResponse(), response.toString());
  }

  @Test
  void drainingFinishesWhatRuns_refusesWhatComes_andSaysSoFirst() throws Exception {
    SlowReader reader = new SlowReader();
    SamplerGrpc.newStub(channel)
        .sample(
            SampleRequest.newBuilder()
                .setNumSamples(4)
                .setSteps(100)
                .setFrames(Frames.newBuilder().setEvery(1).setLossless(true))
                .build(),
            reader);
    reader.awaitAccepted();
    BlockingQueue<ServingStatus> states = new ArrayBlockingQueue<>(4);
    HealthGrpc.newStub(channel)
        .watch(
            HealthCheckRequest.getDefaultInstance(),
            new StreamObserver<>() {
              @Override
              public void onNext(HealthCheckResponse value) {
                states.add(value.getStatus());
              }

              @Override
              public void onError(Throwable t) {}

              @Override
              public void onCompleted() {}
            });
    assertEquals(ServingStatus.SERVING, states.poll(10, TimeUnit.SECONDS));
    CompletableFuture<Boolean> drained =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.drain();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    assertEquals(ServingStatus.NOT_SERVING, states.poll(10, TimeUnit.SECONDS));
    // Health comes first, the engines a moment later: until then a request may still get in.
    Status.Code code = Status.Code.OK;
    while (code == Status.Code.OK) {
      code = statusOf(SampleRequest.newBuilder().setSteps(1).build());
    }
    assertEquals(Status.Code.UNAVAILABLE, code);
    List<SampleResponse> responses = reader.takeAll();
    assertEquals(4, responses.stream().filter(SampleResponse::hasSample).count());
    assertEquals(404, responses.stream().filter(SampleResponse::hasFrame).count());
    // The watch is a call that never ends by itself; nobody waits for it.
    assertTrue(drained.get(20, TimeUnit.SECONDS));
  }

  private Status.Code statusOf(SampleRequest request) {
    try {
      sampler().sample(request).forEachRemaining(response -> {});
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Test
  void whatDoesNotFinishInTimeIsCutOff() throws Exception {
    AncestralServer hasty = start(Duration.ofMillis(50));
    try {
      ManagedChannel own =
          NettyChannelBuilder.forAddress("127.0.0.1", hasty.port()).usePlaintext().build();
      SlowReader reader = new SlowReader();
      SamplerGrpc.newStub(own)
          .sample(SampleRequest.newBuilder().setNumSamples(10_000).build(), reader);
      reader.awaitAccepted();
      assertEquals(false, hasty.drain());
      hasty.close();
      assertEquals(0, hasty.models().rows());
      reader.take(SlowReader.PLENTY);
      assertEquals(Status.Code.UNAVAILABLE, Status.fromThrowable(reader.awaitFailure()).getCode());
      own.shutdownNow();
    } finally {
      hasty.close();
    }
  }

  @Test
  void aMessageOverTheLimitIsRefused() {
    ByteString tooLarge = ByteString.copyFrom(new byte[AncestralServer.MAX_MESSAGE_BYTES + 1]);
    SampleRequest request =
        SampleRequest.newBuilder()
            .setInitialNoise(Tensor.newBuilder().setFloat32(tooLarge))
            .build();
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () -> sampler().sample(request).forEachRemaining(response -> {}));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode());
    assertTrue(
        String.valueOf(e.getStatus().getDescription())
            .contains(String.valueOf(AncestralServer.MAX_MESSAGE_BYTES)),
        e.toString());
  }
}
