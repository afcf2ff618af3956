package dev.ancestral.exporter;

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

class ConvNextUnetExportTest extends NetworkExportContract {
  @Override
  String family() {
    return "convnext_unet";
  }

  @Override
  Map<String, Object> settings() {
    return Map.of("dim", 16, "dim_mults", List.of(1, 2, 4), "attention_gates", true);
  }

  @Override
  DataSpec data() {
    return new DataSpec(List.of(3L, 8L, 12L), -1, 1, 256);
  }

  @Override
  Conditioning conditioning() {
    return new Conditioning(10, List.of(), 10);
  }

  @Override
  String deepWeight() {
    return "mid_block2.block.1.weight";
  }

  @Test
  void nodesSayWhichPartTheyBelongTo() {
    List<String> nodes = names(export(network(null, 1), null, Opset.DEFAULT));

    assertTrue(nodes.contains("downs.0.0.in_conv/Conv"), nodes::toString);
    assertTrue(nodes.contains("downs.0.2.net.1/Conv"), nodes::toString);
    assertTrue(nodes.contains("ups.0.gates.1/Sigmoid"), nodes::toString);
    assertTrue(nodes.contains("final_res_block/Add"), nodes::toString);
  }

  @Test
  void onlyTheBatchIsDynamic_soNoShapeIsComputedAtRunTime() {
    Graph graph = export(network(null, 1), null, Opset.DEFAULT);
    Set<String> operators = operators(graph);

    assertFalse(operators.contains("Shape"));
    assertFalse(operators.contains("Expand"));
    assertTrue(operators.contains("InstanceNormalization"));
  }
}
