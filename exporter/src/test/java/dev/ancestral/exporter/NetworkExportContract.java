package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.HalfPrecision;
import dev.ancestral.exporter.onnx.Node;
import dev.ancestral.exporter.onnx.OnnxFile;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.proof.DjlModel;
import dev.ancestral.exporter.proof.EqualityProof;
import dev.ancestral.exporter.proof.NetworkInputs;
import dev.ancestral.exporter.proof.OrtModel;
import dev.ancestral.exporter.proof.ProofException;
import dev.ancestral.exporter.proof.Tolerance;
import dev.ancestral.exporter.proof.WeightRounding;
import dev.ancestral.exporter.testing.Corruption;
import dev.ancestral.exporter.testing.RandomTensors;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import dev.ancestral.trainer.network.Torch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the export of every network promises: at a small size, every parameter random. */
abstract class NetworkExportContract {
  private static final double WORTH_COMPARING = 0.1;
  private static final long SEED = 11;

  final NDManager manager = Torch.newManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /** The name it is found by. */
  abstract String family();

  /** Of a small network. */
  abstract Map<String, Object> settings();

  /** Of small data. */
  abstract DataSpec data();

  /** The classes; null for a network that cannot have any. */
  abstract @Nullable Conditioning conditioning();

  /** Timesteps of the schedule. */
  int timesteps() {
    return 20;
  }

  /** A weight deep inside. */
  abstract String deepWeight();

  Network network(@Nullable Conditioning conditioning, int heads) {
    return network(settings(), conditioning, heads);
  }

  private Network network(
      Map<String, Object> settings, @Nullable Conditioning conditioning, int heads) {
    Integer labels = conditioning == null ? null : Integer.valueOf(conditioning.numClasses() + 1);
    Network network =
        Networks.of(family())
            .create(settings, new NetworkTask(data().shape(), labels, timesteps(), heads), SEED);
    FlatParameters.initialize(manager, network.block());
    RandomTensors.weights(network.block(), SEED);
    return network;
  }

  Graph export(Network network, @Nullable Conditioning conditioning, Opset opset) {
    return BlockExporter.export(
        family(),
        network.block(),
        new NetworkInputs(data(), conditioning).ports(),
        List.of(NetworkInputs.OUTPUT),
        manager,
        opset);
  }

  private List<ParityFigure> prove(
      Network network,
      Graph graph,
      Tolerance tolerance,
      @Nullable Conditioning conditioning,
      Opset opset) {
    SchedulerConfig scheduler =
        new SchedulerConfig(
            "linear",
            BetaSchedules.create(
                "linear", timesteps(), Map.of("beta_start", 1e-3, "beta_end", 0.3)),
            PredictionType.EPSILON,
            Variance.FIXED_SMALL,
            true,
            TimestepSpacing.TRAILING);
    Bundle bundle =
        new Bundle(
            scheduler,
            data(),
            network.continuousTimesteps(),
            conditioning,
            Recommended.NONE,
            Map.of(),
            List.of());
    try (DjlModel trained = new DjlModel(network.block(), manager);
        OrtModel exported = new OrtModel(OnnxFile.write(graph, opset, Map.of()))) {
      return new EqualityProof(bundle, tolerance).prove(trained, exported);
    }
  }

  /** Exported, proven equal at three batch sizes and in a chain. */
  Graph proven(@Nullable Conditioning conditioning, int heads, Opset opset) {
    return proven(network(conditioning, heads), conditioning, opset);
  }

  private Graph proven(Network network, @Nullable Conditioning conditioning, Opset opset) {
    Graph graph = export(network, conditioning, opset);
    List<ParityFigure> figures = prove(network, graph, Tolerance.SINGLE, conditioning, opset);
    int visited = Math.min(timesteps(), 3);
    assertEquals(3 * visited + 1, figures.size());
    return graph;
  }

  /** A network of other settings than the contract's, proven equal with its count of parameters. */
  void assertProvenInFullSize(int parameters, Map<String, Object> settings, int heads) {
    Network network = network(settings, null, heads);
    assertEquals(
        parameters,
        network.block().getParameters().values().stream()
            .mapToLong(parameter -> parameter.getShape().size())
            .sum());
    try (DjlModel trained = new DjlModel(network.block(), manager)) {
      assertWorthComparing(trained.run(inputs(5, null)).get(0), 5);
    }
    proven(network, null, Opset.DEFAULT);
  }

  @Test
  void isProvenEqual_withTheOldestOperatorsAndTheNewest() {
    proven(null, 1, new Opset(Opset.OLDEST));
    proven(null, 1, new Opset(Opset.NEWEST));
  }

  @Test
  void isProvenEqual_withLabels() {
    proven(conditioning(), 1, Opset.DEFAULT);
  }

  @Test
  void isProvenEqual_withASecondHead() {
    proven(null, 2, Opset.DEFAULT);
  }

  @Test
  void oneCorruptedWeightDeepInside_failsTheProof() {
    Network network = network(null, 1);
    Graph graph = export(network, null, Opset.DEFAULT);
    Graph corrupted = Corruption.of(graph, deepWeight(), 5, 1);

    ProofException e =
        assertThrows(
            ProofException.class,
            () -> prove(network, corrupted, Tolerance.SINGLE, null, Opset.DEFAULT));
    assertTrue(String.valueOf(e.getMessage()).startsWith("batch 1, timestep 0: "), e::getMessage);
  }

  @Test
  void inHalfPrecision_isProvenEqual_withTheOldestOperatorsAndTheNewest() {
    for (int opset : List.of(Opset.OLDEST, Opset.NEWEST)) {
      for (int heads = 1; heads <= 2; heads++) {
        provenInHalfPrecision(heads, new Opset(opset));
      }
    }
  }

  private void provenInHalfPrecision(int heads, Opset opset) {
    Network network = network(conditioning(), heads);
    Graph single = export(network, conditioning(), opset);
    Graph half = HalfPrecision.of(single);

    WeightRounding.compare(single, half);
    prove(network, half, Tolerance.HALF, conditioning(), opset);

    assertEquals(single.inputs(), half.inputs());
    assertEquals(single.outputs(), half.outputs());
    double share = (double) weightBytes(half) / weightBytes(single);
    assertTrue(share < 0.6, () -> "size: %.2f of float32's".formatted(share));
    Set<String> casts = new HashSet<>();
    half.nodes().stream()
        .filter(node -> node.operator().equals("Cast"))
        .forEach(node -> casts.addAll(node.outputs()));
    assertTrue(
        half.nodes().stream()
            .filter(node -> node.operator().equals("Cast"))
            .noneMatch(node -> casts.containsAll(node.inputs())),
        "a cast of a cast");
  }

  private static long weightBytes(Graph graph) {
    return graph.initializers().values().stream().mapToLong(tensor -> tensor.data().size()).sum();
  }

  @Test
  void inHalfPrecision_oneCorruptedWeightDeepInside_isNamed() {
    Graph single = export(network(null, 1), null, Opset.DEFAULT);
    Graph half = HalfPrecision.of(Corruption.of(single, deepWeight(), 5, 1));

    ProofException e =
        assertThrows(ProofException.class, () -> WeightRounding.compare(single, half));
    assertTrue(String.valueOf(e.getMessage()).contains(deepWeight()), e::getMessage);
  }

  @Test
  void randomParametersGiveOutputsThatVaryWithTheInputs() {
    try (DjlModel trained = new DjlModel(network(conditioning(), 1).block(), manager)) {
      assertWorthComparing(trained.run(inputs(5, conditioning())).get(0), 5);
    }
  }

  private static void assertWorthComparing(Tensor output, int rows) {
    double deviation = Math.sqrt(varianceBetweenRows(output.numbers(), rows));
    assertTrue(deviation >= WORTH_COMPARING, () -> "standard deviation " + deviation);
  }

  /** The mean over a row's numbers of how much each varies from row to row. */
  private static double varianceBetweenRows(double[] y, int rows) {
    int elements = y.length / rows;
    double sum = 0;
    for (int i = 0; i < elements; i++) {
      double mean = 0;
      double square = 0;
      for (int row = 0; row < rows; row++) {
        double value = y[row * elements + i];
        mean += value / rows;
        square += value * value / rows;
      }
      sum += square - mean * mean;
    }
    return sum / elements;
  }

  @Test
  void graphHasEveryInputAndAnswersTheSamplesShape() {
    for (int heads = 1; heads <= 2; heads++) {
      Graph graph = export(network(conditioning(), heads), conditioning(), Opset.DEFAULT);

      List<Port> expected = new ArrayList<>();
      expected.add(new Port("sample", ElementType.FLOAT, data().shape()));
      expected.add(new Port("timestep", ElementType.FLOAT, List.of()));
      if (conditioning() != null) {
        expected.add(new Port("class_labels", ElementType.INT64, List.of()));
      }
      assertEquals(expected, graph.inputs());
      List<Long> answered = new ArrayList<>(data().shape());
      answered.set(0, heads * answered.get(0));
      assertEquals(List.of(new Port("out_sample", ElementType.FLOAT, answered)), graph.outputs());
    }
  }

  @Test
  void aSampleIsTheSameToTheLastBit_aloneOrInABatch() {
    Network network = network(conditioning(), 1);
    Graph graph = export(network, conditioning(), Opset.DEFAULT);
    List<Tensor> all = inputs(5, conditioning());
    try (OrtModel model = new OrtModel(OnnxFile.write(graph, Opset.DEFAULT, Map.of()))) {
      List<Tensor> together = rows(model.run(all).get(0));
      for (int row = 0; row < 5; row++) {
        List<Tensor> alone = new ArrayList<>();
        for (Tensor input : all) {
          alone.add(rows(input).get(row));
        }
        assertEquals(together.get(row), model.run(alone).get(0), "row " + row);
      }
    }
  }

  /** A batch of one for each row. */
  private static List<Tensor> rows(Tensor tensor) {
    int count = Math.toIntExact(tensor.dims().get(0));
    int bytes = tensor.data().size() / count;
    List<Long> dims = new ArrayList<>(tensor.dims());
    dims.set(0, 1L);
    return IntStream.range(0, count)
        .mapToObj(
            row ->
                new Tensor(
                    tensor.type(), dims, tensor.data().substring(row * bytes, (row + 1) * bytes)))
        .toList();
  }

  /** Noise, another timestep and another label for each row. */
  private List<Tensor> inputs(int rows, @Nullable Conditioning conditioning) {
    List<Tensor> given = new ArrayList<>();
    Port sample = new NetworkInputs(data(), conditioning).ports().get(0);
    given.add(RandomTensors.of(sample, rows, SEED));
    float[] steps = new float[rows];
    long[] labels = new long[rows];
    for (int row = 0; row < rows; row++) {
      int step = row * (timesteps() - 1) / (rows - 1);
      steps[row] = step;
      labels[row] = row;
    }
    given.add(Tensor.ofFloats(steps));
    if (conditioning != null) {
      given.add(Tensor.ofLongs(labels));
    }
    return given;
  }

  @Test
  void parametersKeepTheirNames() {
    Network network = network(conditioning(), 1);
    Set<String> parameters = new HashSet<>(network.block().getParameters().keys());

    Set<String> weights =
        new HashSet<>(export(network, conditioning(), Opset.DEFAULT).initializers().keySet());

    assertTrue(weights.containsAll(parameters));
    weights.removeAll(parameters);
    assertTrue(weights.stream().allMatch(name -> name.startsWith("constant_")), weights::toString);
  }

  static Set<String> operators(Graph graph) {
    return graph.nodes().stream().map(Node::operator).collect(Collectors.toSet());
  }

  static List<String> names(Graph graph) {
    return graph.nodes().stream().map(Node::name).toList();
  }
}
