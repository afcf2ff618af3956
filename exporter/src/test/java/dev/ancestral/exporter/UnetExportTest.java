package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.Node;
import dev.ancestral.exporter.onnx.OnnxFile;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.proof.Difference;
import dev.ancestral.exporter.proof.DjlModel;
import dev.ancestral.exporter.proof.EqualityProof;
import dev.ancestral.exporter.proof.NetworkInputs;
import dev.ancestral.exporter.proof.OrtModel;
import dev.ancestral.exporter.proof.ProofException;
import dev.ancestral.exporter.testing.Corruption;
import dev.ancestral.exporter.testing.RandomTensors;
import dev.ancestral.exporter.testing.TinyNetwork;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole U-Net, every parameter random, proven at three batch sizes. */
class UnetExportTest {
  private static final DataSpec DATA = new DataSpec(List.of(1L, 8L, 8L), -1, 1, 17);
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "block_out_channels", List.of(16, 32),
          "down_block_types", List.of("DownBlock2D", "AttnDownBlock2D"),
          "up_block_types", List.of("AttnUpBlock2D", "UpBlock2D"),
          "layers_per_block", 2,
          "norm_num_groups", 8);
  private static final long SEED = 11;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Network network(@Nullable Integer labels) {
    Network network =
        Networks.of("unet").create(SETTINGS, new NetworkTask(DATA.shape(), labels, 1000), SEED);
    FlatParameters.initialize(manager, network.block());
    RandomTensors.weights(network.block(), SEED);
    return network;
  }

  private Graph export(Network network, @Nullable Conditioning conditioning, Opset opset) {
    return BlockExporter.export(
        "unet",
        network.block(),
        new NetworkInputs(DATA, conditioning).ports(),
        List.of(NetworkInputs.OUTPUT),
        manager,
        opset);
  }

  private List<ParityFigure> prove(
      Network network, Graph graph, @Nullable Conditioning conditioning, Opset opset) {
    Bundle bundle = new TinyNetwork(manager, DATA, conditioning, SEED).bundle();
    try (DjlModel trained = new DjlModel(network.block(), manager);
        OrtModel exported = new OrtModel(OnnxFile.write(graph, opset, Map.of()))) {
      return new EqualityProof(bundle).prove(trained, exported);
    }
  }

  private Graph checked(@Nullable Conditioning conditioning, Opset opset) {
    Network network = network(conditioning == null ? null : conditioning.numClasses() + 1);
    Graph graph = export(network, conditioning, opset);
    assertEquals(10, prove(network, graph, conditioning, opset).size());
    return graph;
  }

  @Test
  void unconditionalUnetIsProvenEqual() {
    checked(null, Opset.DEFAULT);
    checked(null, new Opset(Opset.NEWEST));
  }

  @Test
  void conditionalUnetIsProvenEqual() {
    checked(new Conditioning(10, List.of(), 10), Opset.DEFAULT);
  }

  @Test
  void oneCorruptedWeightDeepInside_failsTheProof() {
    Network network = network(null);
    Graph graph = export(network, null, Opset.DEFAULT);
    Graph corrupted = Corruption.of(graph, "mid_block.resnets.1.conv1.weight", 100, 1);

    ProofException e =
        assertThrows(ProofException.class, () -> prove(network, corrupted, null, Opset.DEFAULT));
    assertTrue(String.valueOf(e.getMessage()).startsWith("batch 1, timestep 0: "), e::getMessage);
  }

  @Test
  void randomParametersGiveOutputsWorthComparing() {
    Port sample = new NetworkInputs(DATA, null).ports().get(0);
    List<Tensor> given =
        List.of(RandomTensors.of(sample, 5, SEED), Tensor.ofFloats(0, 5, 10, 15, 19));
    try (DjlModel trained = new DjlModel(network(null).block(), manager)) {
      double[] y = Difference.numbers(trained.run(given).get(0));
      double square = Arrays.stream(y).map(v -> v * v).average().orElseThrow();
      double mean = Arrays.stream(y).average().orElseThrow();
      double deviation = Math.sqrt(square - mean * mean);
      assertTrue(deviation >= 0.1, () -> "standard deviation " + deviation);
    }
  }

  @Test
  void parametersKeepTheirNames_andNodesSayWhichPartTheyBelongTo() {
    Graph graph = checked(new Conditioning(10, List.of(), 10), Opset.DEFAULT);

    Set<String> weights = new HashSet<>(graph.initializers().keySet());
    Set<String> parameters = new HashSet<>(network(11).block().getParameters().keys());
    assertTrue(weights.containsAll(parameters));
    weights.removeAll(parameters);
    assertTrue(weights.stream().allMatch(name -> name.startsWith("constant_")), weights::toString);
    List<String> nodes = graph.nodes().stream().map(Node::name).toList();
    assertTrue(nodes.contains("down_blocks.0.resnets.1.conv1/Conv"), nodes::toString);
    assertTrue(nodes.contains("mid_block.attentions.0/Softmax"), nodes::toString);
    assertTrue(nodes.contains("up_blocks.1.resnets.2/Add"), nodes::toString);
  }

  @Test
  void onlyTheBatchIsDynamic_soNoShapeIsComputedAtRunTime() {
    Set<String> operators = operators(checked(null, Opset.DEFAULT));

    assertFalse(operators.contains("Shape"));
    assertFalse(operators.contains("Expand"));
  }

  @Test
  void groupNormalisation_isTheOperatorThatOnnxRuntimeIsFastestWith() {
    Set<String> operators = operators(checked(null, Opset.DEFAULT));

    assertTrue(operators.contains("InstanceNormalization"));
    assertFalse(operators.contains("LayerNormalization"));
  }

  private static Set<String> operators(Graph graph) {
    return graph.nodes().stream().map(Node::operator).collect(Collectors.toSet());
  }
}
