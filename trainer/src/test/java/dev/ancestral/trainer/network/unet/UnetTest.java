package dev.ancestral.trainer.network.unet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD) // The engine collects gradients once in a process.
class UnetTest {
  private static final Map<String, Object> TINY =
      Map.of(
          "block_out_channels", List.of(8, 16),
          "down_block_types", List.of("DownBlock2D", "AttnDownBlock2D"),
          "up_block_types", List.of("AttnUpBlock2D", "UpBlock2D"),
          "layers_per_block", 1,
          "norm_num_groups", 4);
  private static final NetworkTask CONDITIONAL = new NetworkTask(List.of(1L, 8L, 8L), 11, 1000);

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void tensorsHaveTheNamesAndShapesOfUNet2DModel() {
    Map<String, Shape> shapes =
        FlatParameters.initialize(manager, network(TINY, CONDITIONAL).block()).shapes();

    assertEquals(new Shape(8, 1, 3, 3), shapes.get("conv_in.weight"));
    assertEquals(new Shape(32, 8), shapes.get("time_embedding.linear_1.weight"));
    assertEquals(new Shape(32), shapes.get("time_embedding.linear_2.bias"));
    assertEquals(new Shape(11, 32), shapes.get("class_embedding.weight"));
    assertEquals(new Shape(8), shapes.get("down_blocks.0.resnets.0.norm1.weight"));
    assertEquals(new Shape(8, 32), shapes.get("down_blocks.0.resnets.0.time_emb_proj.weight"));
    assertEquals(new Shape(8, 8, 3, 3), shapes.get("down_blocks.0.downsamplers.0.conv.weight"));
    assertEquals(
        new Shape(16, 8, 1, 1), shapes.get("down_blocks.1.resnets.0.conv_shortcut.weight"));
    assertEquals(new Shape(16, 16), shapes.get("down_blocks.1.attentions.0.to_q.weight"));
    assertEquals(new Shape(16), shapes.get("mid_block.attentions.0.to_out.0.bias"));
    assertEquals(new Shape(16), shapes.get("mid_block.attentions.0.group_norm.weight"));
    assertEquals(new Shape(16, 16, 3, 3), shapes.get("mid_block.resnets.1.conv2.weight"));
    // Above the middle, each block takes one output of the way down beside its own input.
    assertEquals(new Shape(16, 32, 3, 3), shapes.get("up_blocks.0.resnets.0.conv1.weight"));
    assertEquals(new Shape(16, 24, 3, 3), shapes.get("up_blocks.0.resnets.1.conv1.weight"));
    assertEquals(new Shape(16, 16, 3, 3), shapes.get("up_blocks.0.upsamplers.0.conv.weight"));
    assertEquals(new Shape(8, 24, 3, 3), shapes.get("up_blocks.1.resnets.0.conv1.weight"));
    assertEquals(new Shape(8, 16, 3, 3), shapes.get("up_blocks.1.resnets.1.conv1.weight"));
    assertEquals(new Shape(8), shapes.get("conv_norm_out.weight"));
    assertEquals(new Shape(1, 8, 3, 3), shapes.get("conv_out.weight"));
    assertTrue(!shapes.containsKey("up_blocks.1.upsamplers.0.conv.weight"));
    assertTrue(!shapes.containsKey("down_blocks.0.attentions.0.to_q.weight"));
  }

  @Test
  void parametersAreAsManyAsTheLayersOfUNet2DModelHave() {
    long embedding = linear(8, 32) + linear(32, 32) + 11 * 32;
    long down = resnet(8, 8) + conv(8, 8, 3) + resnet(8, 16) + attention(16);
    long middle = 2 * resnet(16, 16) + attention(16);
    long up =
        resnet(32, 16)
            + resnet(24, 16)
            + 2 * attention(16)
            + conv(16, 16, 3)
            + resnet(24, 8)
            + resnet(16, 8);
    long expected = conv(1, 8, 3) + embedding + down + middle + up + 2 * 8 + conv(8, 1, 3);

    FlatParameters parameters =
        FlatParameters.initialize(manager, network(TINY, CONDITIONAL).block());

    assertEquals(expected, parameters.size());
    assertEquals(expected, parameters.shapes().values().stream().mapToLong(Shape::size).sum());
  }

  private static long conv(long in, long out, long kernel) {
    return in * out * kernel * kernel + out;
  }

  private static long linear(long in, long out) {
    return in * out + out;
  }

  private static long resnet(long in, long out) {
    long shortcut = in == out ? 0 : conv(in, out, 1);
    return 2 * in + conv(in, out, 3) + linear(32, out) + 2 * out + conv(out, out, 3) + shortcut;
  }

  private static long attention(long channels) {
    return 2 * channels + 4 * linear(channels, channels);
  }

  @Test
  void gradientsAreThoseOfTheLoss_directionByDirection() {
    Network network = network(TINY, CONDITIONAL);
    FlatParameters parameters = FlatParameters.initialize(manager, network.block());
    NDList inputs = inputs(4, true);
    backward(network, inputs, () -> {});
    NDArray gradient = parameters.gradients(manager);
    NDArray before = parameters.values().duplicate();
    long from = 0;
    for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
      long to = from + entry.getValue().size();
      NDArray part = gradient.get("{}:{}", from, to);
      double norm = Math.sqrt(part.square().sum().getFloat());
      // A key's bias cancels in the softmax; what has no gradient has no direction.
      if (norm > 1e-3) {
        double reach = 1e-2 / norm;
        parameters
            .values()
            .set(new NDIndex("{}:{}", from, to), part(before, from, to, part, reach));
        double ahead = loss(network, inputs);
        parameters
            .values()
            .set(new NDIndex("{}:{}", from, to), part(before, from, to, part, -reach));
        double behind = loss(network, inputs);
        parameters.values().set(new NDIndex(":"), before);
        assertEquals(1, (ahead - behind) / (2 * reach * norm * norm), 0.05, entry.getKey());
      }
      from = to;
    }
    assertEquals(parameters.size(), from);
  }

  private static NDArray part(NDArray before, long from, long to, NDArray direction, double by) {
    return before.get("{}:{}", from, to).add(direction.mul(by));
  }

  @Test
  void gradientsSurviveAGarbageCollectionBeforeTheBackwardPass() {
    Network network = network(TINY, CONDITIONAL);
    FlatParameters parameters = FlatParameters.initialize(manager, network.block());
    NDList inputs = inputs(4, true);
    backward(network, inputs, () -> {});
    float[] undisturbed = parameters.gradients(manager).toFloatArray();
    for (int round = 0; round < 3; round++) {
      parameters.clearGradients();
      backward(network, inputs, UnetTest::reuseFreedBuffers);
      assertArrayEquals(undisturbed, parameters.gradients(manager).toFloatArray());
    }
  }

  private static void reuseFreedBuffers() {
    System.gc();
    for (int i = 0; i < 2000; i++) {
      ByteBuffer.allocateDirect(4 + i % 64).put(0, (byte) -1);
    }
  }

  @Test
  void forwardPassesLeaveNothingInTheManagerOfTheWeights() {
    Network network = network(TINY, CONDITIONAL);
    FlatParameters parameters = FlatParameters.initialize(manager, network.block());
    int before = manager.getManagedArrays().size();
    for (int i = 0; i < 3; i++) {
      try (NDManager scratch = manager.newSubManager()) {
        NDList inputs = inputs(2, true);
        inputs.attach(scratch);
        backward(network, inputs, () -> {});
        parameters.gradients(scratch);
        parameters.clearGradients();
      }
    }
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void aRowsPredictionDoesNotDependOnTheRestOfTheBatch() {
    Network network = network(TINY, CONDITIONAL);
    FlatParameters.initialize(manager, network.block());
    NDList three = inputs(3, true);
    float[] together = forward(network, three).get("1:2").toFloatArray();
    NDList alone = new NDList();
    three.forEach(array -> alone.add(array.get("1:2")));
    assertArrayEquals(together, forward(network, alone).toFloatArray(), 1e-5f);
  }

  @Test
  void timestepAndLabelChangeThePrediction() {
    Network network = network(TINY, CONDITIONAL);
    FlatParameters.initialize(manager, network.block());
    NDArray sample = inputs(1, true).get(0);
    float[] base = at(network, sample, 10, 3);
    assertTrue(distance(base, at(network, sample, 10.5f, 3)) > 1e-6);
    assertTrue(distance(base, at(network, sample, 10, 4)) > 1e-4);
  }

  private float[] at(Network network, NDArray sample, float timestep, long label) {
    return forward(
            network,
            new NDList(
                sample, manager.create(new float[] {timestep}), manager.create(new long[] {label})))
        .toFloatArray();
  }

  private static double distance(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  @Test
  void weightsAreAFunctionOfTheSeed() {
    float[] first = weights(7);
    assertArrayEquals(first, weights(7));
    assertTrue(distance(first, weights(8)) > 0.01);
  }

  private float[] weights(long seed) {
    Network network = new UnetFamily().create(TINY, CONDITIONAL, seed);
    return FlatParameters.initialize(manager, network.block()).values().toFloatArray();
  }

  @Test
  void rgbOfAnOblongSizeKeepsItsShape_unconditionally() {
    Network network = network(TINY, new NetworkTask(List.of(3L, 12L, 8L), null, 1000));
    FlatParameters.initialize(manager, network.block());
    NDList inputs =
        new NDList(manager.zeros(new Shape(2, 3, 12, 8)), manager.create(new float[] {0.5f, 99}));
    assertEquals(new Shape(2, 3, 12, 8), forward(network, inputs).getShape());
    assertEquals(List.of(12, 8), network.config().get("sample_size"));
    assertEquals(null, network.config().get("num_class_embeds"));
  }

  @Test
  void configurationSpeaksTheWordsOfUNet2DModel() {
    Map<String, Object> config = network(TINY, CONDITIONAL).config();
    assertEquals("UNet2DModel", config.get("_class_name"));
    assertEquals(8, config.get("sample_size"));
    assertEquals(1, config.get("in_channels"));
    assertEquals(List.of(8, 16), config.get("block_out_channels"));
    assertEquals(List.of("AttnUpBlock2D", "UpBlock2D"), config.get("up_block_types"));
    assertEquals(11, config.get("num_class_embeds"));
    assertEquals(true, config.get("flip_sin_to_cos"));
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    assertRefused(
        "network.layer_per_block: unknown key", Map.of("layer_per_block", 2), CONDITIONAL);
    assertRefused(
        "image size: 9×8 (expected: multiples of 2",
        TINY,
        new NetworkTask(List.of(1L, 9L, 8L), null, 1000));
    assertRefused(
        "norm_num_groups: 5 (expected: a divisor of 32", Map.of("norm_num_groups", 5), CONDITIONAL);
    assertRefused(
        "down_block_types: CrossAttnDownBlock2D (expected: DownBlock2D or AttnDownBlock2D)",
        Map.of("down_block_types", List.of("DownBlock2D", "CrossAttnDownBlock2D")),
        CONDITIONAL);
    assertRefused(
        "network: unet on data of shape [2]", Map.of(), new NetworkTask(List.of(2L), null, 1000));
  }

  private static void assertRefused(String start, Map<String, Object> settings, NetworkTask task) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> network(settings, task)).getMessage();
    assertTrue(String.valueOf(message).startsWith(start), message);
  }

  private static Network network(Map<String, Object> settings, NetworkTask task) {
    return new UnetFamily().create(settings, task, 1);
  }

  private NDList inputs(int batch, boolean labelled) {
    float[] sample = new float[batch * 64];
    GaussianNoise.fill(sample, 3, NoisePurpose.INITIAL, 0, 0);
    float[] timesteps = new float[batch];
    long[] labels = new long[batch];
    for (int row = 0; row < batch; row++) {
      timesteps[row] = 100 * row + 5;
      labels[row] = row;
    }
    NDList inputs =
        new NDList(manager.create(sample, new Shape(batch, 1, 8, 8)), manager.create(timesteps));
    if (labelled) {
      inputs.add(manager.create(labels));
    }
    return inputs;
  }

  private NDArray forward(Network network, NDList inputs) {
    return network
        .block()
        .forward(new ParameterStore(manager, false), inputs, false)
        .singletonOrThrow();
  }

  private double loss(Network network, NDList inputs) {
    return forward(network, inputs).sub(target(inputs)).square().mean().getFloat();
  }

  private static NDArray target(NDList inputs) {
    return inputs.get(0).sin();
  }

  private void backward(Network network, NDList inputs, @Nullable Runnable between) {
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray output =
          network
              .block()
              .forward(new ParameterStore(manager, false), inputs, true)
              .singletonOrThrow();
      NDArray loss = output.sub(target(inputs)).square().mean();
      if (between != null) {
        between.run();
      }
      collector.backward(loss);
    }
  }
}
