package dev.ancestral.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.trainer.network.script.ScriptedNetwork;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What every network promises, checked at a small size with every weight moved by chance. */
@Execution(ExecutionMode.SAME_THREAD) // The engine collects gradients once in a process.
public abstract class NetworkContract {
  private static final long SEED = 1;

  protected final NDManager manager = Torch.newManager();

  /** The name it is found by. */
  protected abstract String family();

  /** Of a small network. */
  protected abstract Map<String, Object> settings();

  /** Of small data; with labels if the network can have them. */
  protected abstract NetworkTask task();

  /** Whether the timestep makes a difference. */
  protected boolean readsTheTimestep() {
    return true;
  }

  /** Whether the output does not depend on this parameter, as mathematics will have it. */
  protected boolean cancels(String parameter) {
    return false;
  }

  @AfterEach
  void close() {
    manager.close();
  }

  protected Network network(Map<String, Object> settings, NetworkTask task) {
    return Networks.of(family()).create(settings, task, SEED);
  }

  /** The parameters of a network without arrays. */
  protected static Map<String, Shape> shapes(Network network) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (var entry : network.block().getParameters()) {
      Parameter parameter = entry.getValue();
      shapes.put(entry.getKey(), parameter.getShape());
    }
    return shapes;
  }

  /** How many weights a network without arrays would have. */
  protected static long count(Network network) {
    return shapes(network).values().stream().mapToLong(Shape::size).sum();
  }

  protected void assertRefused(String start, Map<String, Object> settings, NetworkTask task) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> network(settings, task)).getMessage();
    assertTrue(String.valueOf(message).startsWith(start), message);
  }

  /** Its parameters, each moved a little by chance, so that none is 0 or 1. */
  protected FlatParameters randomised(Network network) {
    FlatParameters parameters = FlatParameters.initialize(manager, network.block());
    float[] noise = new float[Math.toIntExact(parameters.size())];
    GaussianNoise.fill(noise, SEED, NoisePurpose.WEIGHTS, 0, 1);
    parameters.values().addi(manager.create(noise).mul(0.1f));
    return parameters;
  }

  @Test
  void weightsAreAFunctionOfTheSeed() {
    float[] first = weights(7);
    assertArrayEquals(first, weights(7));
    assertTrue(distance(first, weights(8)) > 0.01);
  }

  private float[] weights(long seed) {
    Network network = Networks.of(family()).create(settings(), task(), seed);
    return FlatParameters.initialize(manager, network.block()).values().toFloatArray();
  }

  @Test
  void settingsAnswered_buildTheSameNetwork() {
    Network network = network(settings(), task());
    assertEquals(shapes(network), shapes(network(network.settings(), task())));
    assertEquals(network.settings(), network(network.settings(), task()).settings());
  }

  @Test
  void gradientsReachEveryParameter_andAreThoseOfTheLoss() {
    Network network = network(settings(), task());
    FlatParameters parameters = randomised(network);
    NDList inputs = inputs(4);
    NDArray gradient = gradient(network, parameters, inputs, () -> {});
    NDArray before = parameters.values().duplicate();
    long from = 0;
    for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
      long to = from + entry.getValue().size();
      NDArray part = gradient.get("{}:{}", from, to);
      double norm = Math.sqrt(part.square().sum().getFloat());
      if (!cancels(entry.getKey())) {
        assertTrue(norm > 1e-4, entry.getKey() + ": norm of the gradient " + norm);
        double reach = 1e-2 / norm;
        NDIndex place = new NDIndex("{}:{}", from, to);
        parameters.values().set(place, before.get(place).add(part.mul(reach)));
        double ahead = loss(network, inputs);
        parameters.values().set(place, before.get(place).sub(part.mul(reach)));
        double behind = loss(network, inputs);
        parameters.values().set(new NDIndex(":"), before);
        assertEquals(1, (ahead - behind) / (2 * reach * norm * norm), 0.05, entry.getKey());
      }
      from = to;
    }
    assertEquals(parameters.size(), from);
  }

  @Test
  void gradientsSurviveAGarbageCollectionBeforeTheBackwardPass() {
    Network network = network(settings(), task());
    FlatParameters parameters = randomised(network);
    NDList inputs = inputs(4);
    float[] undisturbed = gradient(network, parameters, inputs, () -> {}).toFloatArray();
    for (int round = 0; round < 3; round++) {
      assertArrayEquals(
          undisturbed,
          gradient(network, parameters, inputs, NetworkContract::reuseFreedBuffers).toFloatArray());
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
    Network network = network(settings(), task());
    FlatParameters parameters = randomised(network);
    int before = manager.getManagedArrays().size();
    ScriptedNetwork scripted = new ScriptedNetwork(manager, network.block(), parameters);
    for (int i = 0; i < 3; i++) {
      try (NDManager scratch = manager.newSubManager()) {
        NDList inputs = inputs(2);
        inputs.attach(scratch);
        forward(network, inputs);
        scripted.predict(inputs);
        gradient(scripted, inputs, scratch, () -> {});
      }
    }
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void theScriptPredictsWhatTheBlockDoes_andItsGradientIsThatOfTheBlocksOperations() {
    Network network = network(settings(), task());
    FlatParameters parameters = randomised(network);
    NDList inputs = inputs(4);
    assertArrayEquals(
        forward(network, inputs).toFloatArray(),
        new ScriptedNetwork(manager, network.block(), parameters).predict(inputs).toFloatArray(),
        2e-5f);
    float[] scripted = gradient(network, parameters, inputs, () -> {}).toFloatArray();
    float[] plain = gradientOfOperations(network, inputs);
    double size = distance(plain, new float[plain.length]);
    assertArrayEquals(plain, scripted, (float) (1e-4 * size));
  }

  /** By the engine, of the loss of the block's own forward pass. */
  private float[] gradientOfOperations(Network network, NDList inputs) {
    try (GradientCollector collector = Engine.getEngine(Torch.ENGINE).newGradientCollector()) {
      NDArray output =
          network
              .block()
              .forward(new ParameterStore(manager, false), inputs, true)
              .singletonOrThrow();
      collector.backward(lossOf(output, inputs));
    }
    NDList parts = new NDList();
    for (var entry : network.block().getParameters()) {
      Parameter parameter = entry.getValue();
      parts.add(parameter.getArray().getGradient().flatten());
    }
    return NDArrays.concat(parts).toFloatArray();
  }

  @Test
  void aRowsPredictionDoesNotDependOnTheRestOfTheBatch() {
    Network network = network(settings(), task());
    randomised(network);
    NDList three = inputs(3);
    float[] together = forward(network, three).get("1:2").toFloatArray();
    NDList alone = new NDList();
    three.forEach(array -> alone.add(array.get("1:2")));
    assertArrayEquals(together, forward(network, alone).toFloatArray(), 1e-5f);
  }

  @Test
  void timestepChangesThePrediction_ifItIsReadAtAll() {
    Network network = network(settings(), task());
    randomised(network);
    NDList inputs = inputs(1);
    float[] base = forward(network, inputs).toFloatArray();
    double later = network.continuousTimesteps() ? 5.5 : 6;
    inputs.set(1, manager.create(new float[] {(float) later}));
    double distance = distance(base, forward(network, inputs).toFloatArray());
    assertEquals(readsTheTimestep(), distance > 1e-6, "distance " + distance);
  }

  @Test
  void labelChangesThePrediction_whereThereAreLabels() {
    Integer labels = task().classEmbeddings();
    Network network = network(settings(), task());
    randomised(network);
    NDList inputs = inputs(1);
    assertEquals(labels == null ? 2 : 3, inputs.size());
    if (labels != null) {
      float[] base = forward(network, inputs).toFloatArray();
      inputs.set(2, manager.create(new long[] {labels - 1}));
      assertTrue(distance(base, forward(network, inputs).toFloatArray()) > 1e-4);
    }
  }

  @Test
  void answersTheShapeItAnnounces_withASecondHeadTwiceAsMuch() {
    for (int heads = 1; heads <= 2; heads++) {
      NetworkTask one = task();
      NetworkTask task =
          new NetworkTask(one.shape(), one.classEmbeddings(), one.timesteps(), heads);
      Network network = network(settings(), task);
      randomised(network);
      NDList inputs = inputs(3);
      long[] expected = inputs.get(0).getShape().getShape().clone();
      expected[1] *= heads;
      assertEquals(new Shape(expected), forward(network, inputs).getShape());
      assertArrayEquals(
          new Shape[] {new Shape(expected)}, network.block().getOutputShapes(inputs.getShapes()));
    }
  }

  /** Noise, another timestep and another label for each row. */
  protected NDList inputs(int batch) {
    Shape shape = new Shape(batch);
    for (long size : task().shape()) {
      shape = shape.add(size);
    }
    float[] sample = new float[Math.toIntExact(shape.size())];
    GaussianNoise.fill(sample, 3, NoisePurpose.INITIAL, 0, 0);
    float[] timesteps = new float[batch];
    long[] labels = new long[batch];
    for (int row = 0; row < batch; row++) {
      timesteps[row] = (100 * row + 5) % task().timesteps();
      labels[row] = row;
    }
    NDList inputs = new NDList(manager.create(sample, shape), manager.create(timesteps));
    if (task().classEmbeddings() != null) {
      inputs.add(manager.create(labels));
    }
    return inputs;
  }

  protected NDArray forward(Network network, NDList inputs) {
    return network
        .block()
        .forward(new ParameterStore(manager, false), inputs, false)
        .singletonOrThrow();
  }

  /** The largest difference. */
  protected static double distance(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private double loss(Network network, NDList inputs) {
    return lossOf(forward(network, inputs), inputs).getFloat();
  }

  private static NDArray target(NDList inputs) {
    return inputs.get(0).sin();
  }

  private static NDArray lossOf(NDArray output, NDList inputs) {
    return output.sub(target(inputs)).square().mean();
  }

  private NDArray gradient(
      Network network, FlatParameters parameters, NDList inputs, Runnable between) {
    ScriptedNetwork scripted = new ScriptedNetwork(manager, network.block(), parameters);
    return gradient(scripted, inputs, manager, between);
  }

  private static NDArray gradient(
      ScriptedNetwork network, NDList inputs, NDManager owner, Runnable between) {
    NDArray weights = network.weights(owner);
    try (GradientCollector collector = Engine.getEngine(Torch.ENGINE).newGradientCollector()) {
      NDArray loss = lossOf(network.forward(inputs, weights), inputs);
      between.run();
      collector.backward(loss);
    }
    return weights.getGradient();
  }
}
