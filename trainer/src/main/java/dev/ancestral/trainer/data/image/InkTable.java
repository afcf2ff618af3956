package dev.ancestral.trainer.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferUShort;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A profile of four inks as a table of 17 nodes an axis, between which colours are interpolated:
 * what littleCMS makes of such a profile before it converts pixels of eight bits, and several times
 * as fast as asking the profile for each. Linear in the first ink, tetrahedral in the others.
 */
final class InkTable {
  private static final int NODES = 17;

  /** How far apart in the table the neighbours along each ink are. */
  private static final int[] STRIDES = {3 * NODES * NODES * NODES, 3 * NODES * NODES, 3 * NODES, 3};

  @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
  private record Made(byte[] icc, InkTable table) {}

  /** Making a table takes longer than converting a small picture by it. */
  private static volatile @Nullable Made lastMade;

  /** Red, green and blue of each node, 0..65535. */
  private final short[] table;

  /** Null if there is no profile of inks. Pictures of one set mostly share their profile. */
  static @Nullable InkTable of(byte @Nullable [] icc) throws BadImageException {
    Made last = lastMade;
    if (icc != null && last != null && Arrays.equals(icc, last.icc())) {
      return last.table();
    }
    ColorConvertOp toSrgb = IccProfiles.toSrgb(icc, ColorSpace.TYPE_CMYK);
    if (icc == null || toSrgb == null) {
      return null;
    }
    InkTable table = new InkTable(toSrgb);
    lastMade = new Made(icc, table);
    return table;
  }

  private InkTable(ColorConvertOp toSrgb) {
    int nodes = NODES * NODES * NODES * NODES;
    WritableRaster inks = raster(nodes, 4);
    WritableRaster colours = raster(nodes, 3);
    short[] samples = data(inks);
    for (int node = 0; node < nodes; node++) {
      for (int ink = 0; ink < 4; ink++) {
        int step = 3 * node / STRIDES[ink] % NODES;
        samples[4 * node + ink] = (short) Math.round(65535.0 * step / (NODES - 1));
      }
    }
    toSrgb.filter(inks, colours);
    table = data(colours);
  }

  private static WritableRaster raster(int pixels, int channels) {
    return Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, pixels, 1, channels, null);
  }

  private static short[] data(WritableRaster raster) {
    return ((DataBufferUShort) raster.getDataBuffer()).getData();
  }

  /** Pixels of four inks, 255 of which is all, to red, green and blue. */
  void convert(byte[] inks, byte[] colours) {
    double[] shares = new double[4];
    int[] order = new int[3];
    for (int pixel = 0; 4 * pixel < inks.length; pixel++) {
      int node = 0;
      for (int ink = 0; ink < 4; ink++) {
        double place = (inks[4 * pixel + ink] & 0xFF) * (NODES - 1) / 255.0;
        // The last node has no next: there the share is all of the last step.
        int step = Math.min((int) place, NODES - 2);
        shares[ink] = place - step;
        node += step * STRIDES[ink];
      }
      sort(shares, order);
      for (int channel = 0; channel < 3; channel++) {
        double low = within(node + channel, shares, order);
        double high = within(node + STRIDES[0] + channel, shares, order);
        double value = low + shares[0] * (high - low);
        colours[3 * pixel + channel] = (byte) Math.round(value / 257);
      }
    }
  }

  /** The last three inks, that with the largest share first. */
  private static void sort(double[] shares, int[] order) {
    order[0] = 1;
    order[1] = 2;
    order[2] = 3;
    swapIfLess(shares, order, 0, 1);
    swapIfLess(shares, order, 1, 2);
    swapIfLess(shares, order, 0, 1);
  }

  private static void swapIfLess(double[] shares, int[] order, int first, int second) {
    if (shares[order[first]] < shares[order[second]]) {
      int spare = order[first];
      order[first] = order[second];
      order[second] = spare;
    }
  }

  /** From node to node along the inks in their order, each step by the share of its ink. */
  private double within(int node, double[] shares, int[] order) {
    int at = node;
    double value = table[at] & 0xFFFF;
    double before = value;
    for (int ink : order) {
      at += STRIDES[ink];
      double next = table[at] & 0xFFFF;
      value += shares[ink] * (next - before);
      before = next;
    }
    return value;
  }
}
