package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import dev.ancestral.files.Sha256;
import dev.ancestral.picture.PngText;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the real ONNX Runtime. */
@Timeout(60)
final class RecipeInPictureTest {
  private static final SampleRequest.Builder HUNDRED =
      SampleRequest.newBuilder()
          .setSeed(11)
          .setNumSamples(100)
          .setSampler("DDIM")
          .setEta(0.5)
          .setSteps(6)
          .addLabelNames("One")
          .addLabelNames("zero")
          .addLabelNames("index:2")
          .setGuidanceWeight(1.5)
          .setFrames(
              Frames.newBuilder()
                  .setCount(3)
                  .setContent(Frames.Content.CONTENT_BOTH)
                  .setEncoding(Encoding.ENCODING_PNG)
                  .setLossless(true))
          .setEncoding(Encoding.ENCODING_PNG);

  private final Path models;
  private final TestServer server;

  RecipeInPictureTest(@TempDir Path models) {
    this.models = models;
    this.server = start();
  }

  private TestServer start() {
    try {
      TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
      OnnxRuntime runtime = new OnnxRuntime(Device.cpu("a test"), 2);
      return new TestServer(ModelRepository.load(models, runtime, EngineLimits.DEFAULTS));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static Stream<Sample> samples(List<SampleResponse> responses, int index) {
    return responses.stream()
        .filter(SampleResponse::hasSample)
        .map(SampleResponse::getSample)
        .filter(sample -> sample.getSampleIndex() == index);
  }

  private static List<Frame> frames(List<SampleResponse> responses, int index) {
    return responses.stream()
        .filter(SampleResponse::hasFrame)
        .map(SampleResponse::getFrame)
        .filter(frame -> frame.getSampleIndex() == index)
        .toList();
  }

  private static Recipe recipe(Tensor tensor) {
    return Recipe.parse(PngText.find(tensor.getPng().toByteArray(), Recipe.KEYWORD).orElseThrow());
  }

  @Test
  void sample57IsTheSame_aloneOrOfAHundred_withItsFrames() {
    List<SampleResponse> hundred = server.sample(HUNDRED.build());
    List<SampleResponse> alone =
        server.sample(HUNDRED.clone().setFirstIndex(57).setNumSamples(1).build());
    Sample expected = samples(hundred, 57).findFirst().orElseThrow();
    assertEquals(1, expected.getLabel());
    assertEquals(List.of(expected), samples(alone, 57).toList());
    assertEquals(1, alone.stream().filter(SampleResponse::hasSample).count());
    assertEquals(3, frames(alone, 57).size());
    assertEquals(frames(hundred, 57), frames(alone, 57));
  }

  @Test
  void aPicturesRecipeIsARequestThatDrawsIt_toTheByte() {
    List<SampleResponse> hundred = server.sample(HUNDRED.build());
    for (int index : List.of(0, 58, 99)) {
      Sample expected = samples(hundred, index).findFirst().orElseThrow();
      Recipe recipe = recipe(expected.getData());
      assertNull(recipe.state());
      assertEquals(List.of(expected.getLabel()), recipe.request().getLabelsList());
      SampleRequest again = recipe.request().toBuilder().setEncoding(Encoding.ENCODING_PNG).build();
      assertEquals(
          List.of(expected), samples(server.sample(again), index).toList(), again.toString());
    }
  }

  @Test
  void aRecipeHasEverySetting_andNothingOfWhereOrWhen() throws Exception {
    List<SampleResponse> responses =
        server.sample(HUNDRED.clone().setNumSamples(1).setPriority(9).build());
    String text =
        PngText.find(
                samples(responses, 0).findFirst().orElseThrow().getData().getPng().toByteArray(),
                Recipe.KEYWORD)
            .orElseThrow();
    String sha256 = Sha256.of(models.resolve("digits/unet/model.onnx"));
    assertEquals(
        "{\"version\":1,\"network_sha256\":\""
            + sha256
            + "\",\"request\":{\"model\":\"digits\",\"num_samples\":1,\"seed\":\"11\",\"sampler\":\"ddim\","
            + "\"steps\":6,\"spacing\":\"TIMESTEP_SPACING_TRAILING\",\"eta\":0.5,\"clip\":true,"
            + "\"rederive_epsilon\":true,\"labels\":[1],\"final_level\":\"FINAL_LEVEL_CLEAN\","
            + "\"guidance_weight\":1.5,\"guidance_rescale\":0.0,\"first_index\":0,\"clip_range\":1.0,\"by_stride\":false}}",
        text);
    assertEquals(sha256, responses.get(0).getAccepted().getNetworkSha256());
    assertEquals(
        sha256, server.models().getModel(GetModelRequest.getDefaultInstance()).getNetworkSha256());
  }

  @Test
  void aFramesRecipeSaysItsStepAndWhatItShows() {
    List<Frame> frames = frames(server.sample(HUNDRED.clone().setNumSamples(1).build()), 0);
    assertEquals(
        List.of(new Recipe.State(0, "xt"), new Recipe.State(3, "xt"), new Recipe.State(6, "xt")),
        frames.stream().map(frame -> recipe(frame.getXt()).state()).toList());
    assertFalse(frames.get(0).hasX0());
    assertEquals(new Recipe.State(3, "x0"), recipe(frames.get(1).getX0()).state());
  }

  @Test
  void givenNoiseIsNamedByItsHash_andItsFirstRowIsThatOfTheFirstIndex() {
    ByteBuffer two = ByteBuffer.allocate(2 * 64 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (two.hasRemaining()) {
      two.putFloat((float) Math.sin(two.position()));
    }
    SampleRequest.Builder request = HUNDRED.clone().clearFrames().setFirstIndex(4).setNumSamples(2);
    request.setInitialNoise(noise(2, ByteString.copyFrom(two.array())));
    List<SampleResponse> both = server.sample(request.build());
    request.setFirstIndex(5).setNumSamples(1);
    request.setInitialNoise(noise(1, ByteString.copyFrom(two.array(), 256, 256)));
    Sample expected = samples(both, 5).findFirst().orElseThrow();
    assertEquals(List.of(expected), samples(server.sample(request.build()), 5).toList());
    String hash = recipe(expected.getData()).initialNoiseSha256();
    assertEquals(64, hash.length());
    Sample first = samples(both, 4).findFirst().orElseThrow();
    assertFalse(hash.equals(recipe(first.getData()).initialNoiseSha256()));
  }

  private static Tensor noise(long rows, ByteString numbers) {
    return Tensor.newBuilder().addAllShape(List.of(rows, 1L, 8L, 8L)).setFloat32(numbers).build();
  }
}
