package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.Node;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.testing.Parity;
import dev.ancestral.exporter.testing.RandomTensors;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockParityTest {
  private static final Port PICTURE = new Port("x", ElementType.FLOAT, List.of(4L, 6L, 6L));
  private static final Port TOKENS = new Port("x", ElementType.FLOAT, List.of(5L, 8L));
  private static final long SEED = 3;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Graph check(Block block, Port input) {
    long[] shape = new long[input.row().size() + 1];
    shape[0] = 1;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = input.row().get(i - 1);
    }
    block.initialize(manager, DataType.FLOAT32, new Shape(shape));
    RandomTensors.weights(block, SEED);
    Graph graph = null;
    for (int opset = Opset.OLDEST; opset <= Opset.NEWEST; opset++) {
      graph =
          Parity.check(
              block.getClass().getSimpleName(),
              block,
              manager,
              new Opset(opset),
              List.of(input),
              1);
    }
    return Objects.requireNonNull(graph);
  }

  @Test
  void convolutions_stridedPaddedDilatedGroupedOrWithoutBias() {
    Shape three = new Shape(3, 3);
    Conv2d.Builder[] variants = {
      Conv2d.builder().optStride(new Shape(2, 2)).optPadding(new Shape(1, 1)),
      Conv2d.builder().optDilation(new Shape(2, 1)).optPadding(new Shape(2, 0)),
      Conv2d.builder().optGroups(2),
      Conv2d.builder().optBias(false)
    };
    for (Conv2d.Builder variant : variants) {
      check(variant.setKernelShape(three).setFilters(6).build(), PICTURE);
    }
    check(Conv1d.builder().setKernelShape(new Shape(3)).setFilters(2).build(), TOKENS);
  }

  @Test
  void linearMaps_ofVectorsAndOfTokens() {
    check(Linear.builder().setUnits(3).build(), TOKENS);
    check(Linear.builder().setUnits(3).optBias(false).build(), TOKENS);
    check(Linear.builder().setUnits(3).build(), new Port("x", ElementType.FLOAT, List.of(7L)));
    check(
        Linear.builder().setUnits(3).optBias(false).build(),
        new Port("x", ElementType.FLOAT, List.of(7L)));
  }

  @Test
  void normalisations_ofLayersAndBatches() {
    check(LayerNorm.builder().build(), PICTURE);
    check(LayerNorm.builder().axis(2).optEpsilon(1e-3f).build(), TOKENS);
    check(BatchNorm.builder().build(), PICTURE);
    check(BatchNorm.builder().optAxis(2).optEpsilon(1e-3f).build(), PICTURE);
  }

  @Test
  void sequencesKeepTheirChildrensNames() {
    Block block =
        new SequentialBlock()
            .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(2).build())
            .add(Activation.swishBlock(1))
            .add(Dropout.builder().optRate(0.5f).build())
            .add(new SequentialBlock().add(Linear.builder().setUnits(3).build()));

    Graph graph = check(block, PICTURE);

    assertTrue(
        graph
            .initializers()
            .keySet()
            .containsAll(List.of("01Conv2d.weight", "04SequentialBlock.01Linear.bias")),
        () -> graph.initializers().keySet().toString());
    assertTrue(
        graph.nodes().stream().anyMatch(node -> node.name().equals("01Conv2d/Conv")),
        () -> graph.nodes().stream().map(Node::name).toList().toString());
  }

  @Test
  void blockTheExporterHasNeverSeen_isExportedLikeAnyOther() {
    Graph graph = check(new GatedAttention(4), TOKENS);

    assertTrue(graph.initializers().containsKey("gate"));
    assertEquals(1, graph.nodes().stream().filter(n -> n.operator().equals("Softmax")).count());
    assertEquals(
        0,
        graph.nodes().stream().filter(n -> n.operator().equals("Shape")).count(),
        "the batch needs no arithmetic here");
  }

  /** Attention of tokens among themselves, behind a learned gate, with constants of its own. */
  private static final class GatedAttention extends AbstractBlock {
    private final Parameter gate;
    private final Linear project;
    private final long heads;

    GatedAttention(long heads) {
      this.heads = heads;
      this.gate =
          addParameter(
              Parameter.builder()
                  .setName("gate")
                  .setType(Parameter.Type.OTHER)
                  .optShape(new Shape(1, 1, 8))
                  .optInitializer(Initializer.ZEROS)
                  .build());
      this.project = addChildBlock("project", Linear.builder().setUnits(24).build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> params) {
      NDArray x = inputs.singletonOrThrow();
      long batch = x.getShape().get(0);
      long tokens = x.getShape().get(1);
      long size = x.getShape().get(2) / heads;
      NDList parts = project.forward(store, inputs, training).singletonOrThrow().split(3, 2);
      parts.replaceAll(p -> p.reshape(batch, tokens, heads, size).transpose(0, 2, 1, 3));
      NDArray distance =
          x.getManager()
              .arange((float) tokens)
              .reshape(1, tokens)
              .sub(x.getManager().arange((float) tokens).reshape(tokens, 1))
              .abs();
      NDArray scores =
          parts.get(0).matMul(parts.get(1).swapAxes(2, 3)).div(Math.sqrt((double) size));
      NDArray mixed = scores.sub(distance).softmax(-1).matMul(parts.get(2));
      NDArray joined = mixed.transpose(0, 2, 1, 3).reshape(batch, tokens, heads * size);
      NDArray open = Activation.sigmoid(store.getValue(gate, x.getDevice(), training));
      return new NDList(joined.mul(open).add(x));
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
      project.initialize(manager, type, shapes);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }
}
