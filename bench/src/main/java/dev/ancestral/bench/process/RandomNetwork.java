package dev.ancestral.bench.process;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;

/**
 * A DDPM U-Net for RGB that the benchmark can make, with random weights: the time a network takes
 * does not depend on them. All have two blocks a level.
 */
public enum RandomNetwork {
  /** 32×32: 32 channels on levels of (1, 2, 2), attention at 16×16, 1.6 million parameters. */
  UNET_32(
      "unet-32",
      32,
      "[32,64,64]",
      "[DownBlock2D,AttnDownBlock2D,DownBlock2D]",
      "[UpBlock2D,AttnUpBlock2D,UpBlock2D]"),
  /** 16×16: 32 channels on levels of (1, 2), attention at 8×8. */
  UNET_16("unet-16", 16, "[32,64]", "[DownBlock2D,AttnDownBlock2D]", "[AttnUpBlock2D,UpBlock2D]"),
  /** 8×8: 32 channels on levels of (1, 1), no attention but in the middle. */
  UNET_8("unet-8", 8, "[32,32]", "[DownBlock2D,DownBlock2D]", "[UpBlock2D,UpBlock2D]");

  private final String label;
  private final int side;
  private final String channels;
  private final String down;
  private final String up;

  RandomNetwork(String label, int side, String channels, String down, String up) {
    this.label = label;
    this.side = side;
    this.channels = channels;
    this.down = down;
    this.up = up;
  }

  /** What {@code --network} and the report call it. */
  public String label() {
    return label;
  }

  /** Pixels of a side. */
  int side() {
    return side;
  }

  /** What {@code train} is told of it. */
  List<String> settings() {
    return List.of(
        "network.block_out_channels=" + channels,
        "network.down_block_types=" + down,
        "network.up_block_types=" + up);
  }

  /**
   * The one with this label.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static RandomNetwork of(String label) {
    return Arrays.stream(values())
        .filter(network -> network.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                Names.unknown(
                    "network", label, Arrays.stream(values()).map(RandomNetwork::label).toList()));
  }
}
