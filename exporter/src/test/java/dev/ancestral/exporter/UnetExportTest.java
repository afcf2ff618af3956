package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.Opset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnetExportTest extends NetworkExportContract {
  private static final Conditioning CLASSES = new Conditioning(10, List.of(), 10);

  @Override
  String family() {
    return "unet";
  }

  @Override
  Map<String, Object> settings() {
    return Map.of(
        "block_out_channels", List.of(16, 32),
        "down_block_types", List.of("DownBlock2D", "AttnDownBlock2D"),
        "up_block_types", List.of("AttnUpBlock2D", "UpBlock2D"),
        "layers_per_block", 2,
        "norm_num_groups", 8);
  }

  @Override
  DataSpec data() {
    return new DataSpec(List.of(1L, 8L, 8L), -1, 1, 17);
  }

  @Override
  Conditioning conditioning() {
    return CLASSES;
  }

  @Override
  String deepWeight() {
    return "mid_block.resnets.1.conv1.weight";
  }

  @Test
  void nodesSayWhichPartTheyBelongTo() {
    List<String> nodes = names(export(network(CLASSES, 1), CLASSES, Opset.DEFAULT));

    assertTrue(nodes.contains("down_blocks.0.resnets.1.conv1/Conv"), nodes::toString);
    assertTrue(nodes.contains("mid_block.attentions.0/Softmax"), nodes::toString);
    assertTrue(nodes.contains("up_blocks.1.resnets.2/Add"), nodes::toString);
  }

  @Test
  void onlyTheBatchIsDynamic_soNoShapeIsComputedAtRunTime() {
    Set<String> operators = operators(export(network(null, 1), null, Opset.DEFAULT));

    assertFalse(operators.contains("Shape"));
    assertFalse(operators.contains("Expand"));
  }

  @Test
  void groupNormalisation_isTheOperatorThatOnnxRuntimeIsFastestWith() {
    Set<String> operators = operators(export(network(null, 1), null, Opset.DEFAULT));

    assertTrue(operators.contains("InstanceNormalization"));
    assertFalse(operators.contains("LayerNormalization"));
  }

  @Test
  void fasterFormsAreFound_forTheMapByChannelAndTheConvolutionAfterDoubling() {
    Graph graph = export(network(null, 1), null, Opset.DEFAULT);

    assertEquals(count(graph, "InstanceNormalization"), count(graph, "BatchNormalization"));
    assertEquals(1, count(graph, "Resize"));
    // Two for each attention: inside its products.
    assertEquals(2 * count(graph, "Softmax"), count(graph, "Transpose"));
  }

  private static long count(Graph graph, String operator) {
    return graph.nodes().stream().filter(node -> node.operator().equals(operator)).count();
  }
}
