package dev.ancestral.trainer.network.unet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkContract;
import dev.ancestral.trainer.network.NetworkTask;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnetTest extends NetworkContract {
  private static final Map<String, Object> TINY =
      Map.of(
          "block_out_channels", List.of(8, 16),
          "down_block_types", List.of("DownBlock2D", "AttnDownBlock2D"),
          "up_block_types", List.of("AttnUpBlock2D", "UpBlock2D"),
          "layers_per_block", 1,
          "norm_num_groups", 4);
  private static final NetworkTask CONDITIONAL = new NetworkTask(List.of(1L, 8L, 8L), 11, 1000);

  @Override
  protected String family() {
    return "unet";
  }

  @Override
  protected Map<String, Object> settings() {
    return TINY;
  }

  @Override
  protected NetworkTask task() {
    return CONDITIONAL;
  }

  @Override
  protected boolean cancels(String parameter) {
    return parameter.endsWith("to_k.bias"); // Added to every score alike.
  }

  @Test
  void tensorsHaveTheNamesAndShapesOfUNet2DModel() {
    Map<String, Shape> shapes = shapes(network(TINY, CONDITIONAL));

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

    assertEquals(expected, count(network(TINY, CONDITIONAL)));
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
        "network.norm_num_groups: 5 (expected: a divisor of 32",
        Map.of("norm_num_groups", 5),
        CONDITIONAL);
    assertRefused(
        "network.attention_head_dim: 5 (expected: a divisor of 64",
        Map.of("attention_head_dim", 5),
        CONDITIONAL);
    assertRefused(
        "network.block_out_channels: [] (expected: at least 1 level",
        Map.of("block_out_channels", List.of()),
        CONDITIONAL);
    assertRefused(
        "network.up_block_types: 1 entries (expected: 2, one for each of block_out_channels)",
        Map.of("up_block_types", List.of("UpBlock2D")),
        CONDITIONAL);
    assertRefused(
        "network.layers_per_block: 0 (expected: at least 1)",
        Map.of("layers_per_block", 0),
        CONDITIONAL);
    assertRefused("network.dropout: 1.0 (expected: 0 up to 1)", Map.of("dropout", 1), CONDITIONAL);
    assertRefused(
        "network.down_block_types: [DownBlock2D, CrossAttnDownBlock2D] (expected: for each level DownBlock2D or AttnDownBlock2D)",
        Map.of("down_block_types", List.of("DownBlock2D", "CrossAttnDownBlock2D")),
        CONDITIONAL);
    assertRefused(
        "network: unet on data of shape [2]", Map.of(), new NetworkTask(List.of(2L), null, 1000));
  }
}
