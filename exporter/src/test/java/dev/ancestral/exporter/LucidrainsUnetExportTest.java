package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.exporter.onnx.Opset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LucidrainsUnetExportTest extends NetworkExportContract {
  @Override
  String family() {
    return "lucidrains_unet";
  }

  @Override
  Map<String, Object> settings() {
    return Map.of("dim", 16, "dim_mults", List.of(1, 2, 4), "attn_heads", 2, "attn_dim_head", 8);
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
    return "mid_block2.block1.proj.weight";
  }

  @Test
  void nodesSayWhichPartTheyBelongTo() {
    List<String> nodes = names(export(network(null, 1), null, Opset.DEFAULT));

    assertTrue(nodes.contains("downs.0.0.block1.proj/Conv"), nodes::toString);
    assertTrue(nodes.contains("downs.0.2/Softmax"), nodes::toString);
    assertTrue(nodes.contains("mid_attn/Softmax"), nodes::toString);
    assertTrue(nodes.contains("downs.0.3.1/Conv"), nodes::toString);
    assertTrue(nodes.contains("final_res_block/Add"), nodes::toString);
  }
}
