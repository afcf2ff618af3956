package dev.ancestral.trainer.network.lucidrains;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkContract;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.SineWeights;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LucidrainsUnetTest extends NetworkContract {
  private static final Map<String, Object> TINY =
      Map.of("dim", 8, "dim_mults", List.of(1, 2), "attn_heads", 2, "attn_dim_head", 8);
  private static final NetworkTask GRAY = new NetworkTask(List.of(1L, 8L, 8L), 11, 1000);
  private static final NetworkTask RGB = new NetworkTask(List.of(3L, 128L, 128L), null, 1000);

  @Override
  protected String family() {
    return "lucidrains_unet";
  }

  @Override
  protected Map<String, Object> settings() {
    return TINY;
  }

  @Override
  protected NetworkTask task() {
    return GRAY;
  }

  @Test
  void inItsOriginalSize_has35711491Parameters() {
    assertEquals(35_711_491, count(network(Map.of(), RGB)));
    assertEquals(
        35_711_491, count(network(Map.of("dim", 64, "dim_mults", List.of(1, 2, 4, 8)), RGB)));
  }

  @Test
  void learnedVarianceDoublesTheOutputChannels_andNothingElse() {
    Network network = network(Map.of(), new NetworkTask(RGB.shape(), null, 1000, 2));
    assertEquals(35_711_686, count(network));
    assertEquals(new Shape(6, 64, 1, 1), shapes(network).get("final_conv.weight"));
    assertEquals(6, network.config().get("out_channels"));
  }

  @Test
  void aNarrowerStemIsAlsoTheWidthOfTheLastBlock() {
    Network network = network(Map.of("init_dim", 32), RGB);
    assertEquals(35_373_123, count(network));
    assertEquals(
        new Shape(32, 64, 3, 3), shapes(network).get("final_res_block.block1.proj.weight"));
  }

  @Test
  void predictsWhatTheOriginalPredicts() {
    Network network = network(TINY, new NetworkTask(List.of(3L, 8L, 4L), null, 1000));
    FlatParameters.initialize(manager, network.block());
    SineWeights.fill(network);
    // The original at commit faed4db in PyTorch 2.15.0, Unet(8, dim_mults = (1, 2), attn_heads = 2,
    // attn_dim_head = 8).
    float[] original = {
      -1.108706f, -1.203345f, -0.3294256f, -0.23385f, 0.4513935f, 0.5522453f,
      -1.36526f, -1.209257f, -0.2503735f, -0.4614586f, 0.4602035f, 0.7186808f
    };
    float[] ours = SineWeights.every(17, forward(network, SineWeights.inputs(manager, 3, 8, 4)));
    assertArrayEquals(original, ours, 1e-5f);
  }

  @Test
  void tensorsHaveTheNamesAndShapesOfTheOriginal() {
    Map<String, Shape> shapes = shapes(network(TINY, GRAY));

    assertEquals(new Shape(8, 1, 7, 7), shapes.get("init_conv.weight"));
    assertEquals(new Shape(32, 8), shapes.get("time_mlp.1.weight"));
    assertEquals(new Shape(32), shapes.get("time_mlp.3.bias"));
    assertEquals(new Shape(11, 32), shapes.get("class_embedding.weight"));
    assertEquals(new Shape(16, 32), shapes.get("downs.0.0.mlp.1.weight"));
    assertEquals(new Shape(8, 8, 3, 3), shapes.get("downs.0.1.block1.proj.weight"));
    assertEquals(new Shape(1, 8, 1, 1), shapes.get("downs.0.1.block2.norm.g"));
    assertFalse(shapes.containsKey("downs.0.0.res_conv.weight"));
    assertEquals(new Shape(2, 2, 8, 4), shapes.get("downs.0.2.mem_kv"));
    assertEquals(new Shape(48, 8, 1, 1), shapes.get("downs.0.2.to_qkv.weight"));
    assertFalse(shapes.containsKey("downs.0.2.to_qkv.bias"));
    assertEquals(new Shape(8, 16, 1, 1), shapes.get("downs.0.2.to_out.0.weight"));
    assertEquals(new Shape(1, 8, 1, 1), shapes.get("downs.0.2.to_out.1.g"));
    assertEquals(new Shape(8, 32, 1, 1), shapes.get("downs.0.3.1.weight"));
    assertEquals(new Shape(2, 2, 4, 8), shapes.get("downs.1.2.mem_kv"));
    assertEquals(new Shape(8, 16, 1, 1), shapes.get("downs.1.2.to_out.weight"));
    assertEquals(new Shape(16, 8, 3, 3), shapes.get("downs.1.3.weight"));
    assertEquals(new Shape(16, 16, 3, 3), shapes.get("mid_block2.block2.proj.weight"));
    assertEquals(new Shape(2, 2, 4, 8), shapes.get("mid_attn.mem_kv"));
    assertEquals(new Shape(16, 24, 1, 1), shapes.get("ups.0.1.res_conv.weight"));
    assertEquals(new Shape(8, 16, 3, 3), shapes.get("ups.0.3.1.weight"));
    assertEquals(new Shape(8, 8, 3, 3), shapes.get("ups.1.3.weight"));
    assertEquals(new Shape(8, 16, 1, 1), shapes.get("final_res_block.res_conv.weight"));
    assertEquals(new Shape(1, 8, 1, 1), shapes.get("final_conv.weight"));
  }

  @Test
  void configurationHasTheOriginalsWords() {
    Network network = network(TINY, GRAY);
    assertEquals(
        List.of(
            "dim", "init_dim", "dim_mults", "full_attn", "attn_heads", "attn_dim_head", "dropout"),
        List.copyOf(network.settings().keySet()));
    assertEquals(List.of(false, true), network.settings().get("full_attn"));
    assertEquals("LucidrainsUnet", network.config().get("_class_name"));
    assertEquals(11, network.config().get("num_class_embeds"));
    assertEquals(8, network.config().get("sample_size"));
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    assertRefused("network.dim_mult: unknown key", Map.of("dim_mult", List.of(1, 2)), RGB);
    assertRefused(
        "image size: 28×28 (expected: multiples of 8, which 4 levels can halve)",
        Map.of(),
        new NetworkTask(List.of(1L, 28L, 28L), null, 1000));
    assertRefused(
        "network: lucidrains_unet on data of shape [2] (expected: [channels, height, width])",
        Map.of(),
        new NetworkTask(List.of(2L), null, 1000));
    assertRefused("network.dim: 9 (expected: even, at least 4)", Map.of("dim", 9), RGB);
    assertRefused("network.init_dim: 0 (expected: at least 1)", Map.of("init_dim", 0), RGB);
    assertRefused(
        "network.dim_mults: [1, 0] (expected: at least 1 level, each at least 1)",
        Map.of("dim_mults", List.of(1, 0)),
        RGB);
    assertRefused(
        "network.full_attn: 3 entries (expected: 4, one for each of dim_mults)",
        Map.of("full_attn", List.of(false, false, true)),
        RGB);
    assertRefused(
        "network.full_attn: [no, false, false, true] (expected: true and false such as",
        Map.of("full_attn", List.of("no", false, false, true)),
        RGB);
    assertRefused("network.attn_heads: 0 (expected: at least 1)", Map.of("attn_heads", 0), RGB);
    assertRefused("network.dropout: 1.0 (expected: 0 up to 1)", Map.of("dropout", 1.0), RGB);
  }
}
