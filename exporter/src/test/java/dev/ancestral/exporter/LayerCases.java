package dev.ancestral.exporter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import dev.ancestral.exporter.onnx.Opset;

/** Products with weights, normalisations, pictures in other sizes. */
final class LayerCases {
  private LayerCases() {}

  static void register(OperatorCases cases) {
    layers(cases);
    fused(cases);
    pictures(cases);
  }

  private static void layers(OperatorCases cases) {
    cases.on2(OperatorCases.VECTOR_AND_MATRIX, "matMul", NDArray::matMul);
    cases.on2(OperatorCases.VECTOR_AND_MATRIX, "batchMatMul", NDArray::batchMatMul);
    cases.one(
        "dot",
        x -> {
          NDArray weights = x.getManager().create(new float[] {1, -2, 3, 4});
          return x.add(x.sum(new int[] {0, 1}).dot(weights));
        });
    cases.one(
        "dropout at inference",
        x -> x.getNDArrayInternal().dropout(x, 0.5f, false).singletonOrThrow());
    cases.one(
        "layerNorm",
        x -> {
          Shape row = new Shape(4);
          NDArray gamma = x.getManager().create(new float[] {1, 2, 3, 4});
          return x.getNDArrayInternal()
              .layerNorm(x, row, gamma, gamma.neg(), 1e-5f)
              .singletonOrThrow();
        });
    cases.one(
        "layerNorm of groups",
        x -> {
          NDArray ones = x.getManager().ones(new Shape(4));
          NDArray zeros = x.getManager().zeros(new Shape(4));
          return x.getNDArrayInternal()
              .layerNorm(x, new Shape(4), ones, zeros, 1e-3f)
              .singletonOrThrow();
        });
    cases.one(
        "layerNorm of groups too large for one sum",
        x -> {
          NDArray rows = x.tile(new long[] {1, 1, 20_000}).add(3);
          NDArray ones = x.getManager().ones(new Shape(80_000));
          NDArray zeros = x.getManager().zeros(new Shape(80_000));
          return x.getNDArrayInternal()
              .layerNorm(rows, new Shape(80_000), ones, zeros, 1e-3f)
              .singletonOrThrow();
        });
    cases.one(
        "batchNorm by running statistics",
        x -> {
          NDArray gamma = x.getManager().create(new float[] {1, 2, 3});
          return x.getNDArrayInternal()
              .batchNorm(x, gamma.neg(), gamma.exp(), gamma, gamma.neg(), 1, 0.9f, 1e-3f, false)
              .singletonOrThrow();
        });
    cases.one(
        "convolution",
        x -> {
          NDArray weight = x.getManager().arange(18f).sub(9).reshape(2, 3, 3);
          Shape one = new Shape(1);
          return x.getNDArrayInternal()
              .convolution(x, weight, null, new Shape(2), one, one, 1)
              .singletonOrThrow();
        });
    cases.one(
        "linear",
        x -> {
          NDArray weight = x.getManager().arange(8f).sub(4).reshape(2, 4);
          return x.getNDArrayInternal().linear(x, weight, null).singletonOrThrow();
        });
    cases.one(
        "batchNorm by its own statistics",
        x -> {
          NDArray gamma = x.getManager().create(new float[] {1, 2, 3});
          return x.getNDArrayInternal()
              .batchNorm(x, gamma.neg(), gamma.exp(), gamma, gamma.neg(), 1, 0.9f, 1e-5f, true)
              .singletonOrThrow();
        });
  }

  private static void fused(OperatorCases cases) {
    cases.on(
        OperatorCases.PICTURE,
        "map by channel",
        x -> x.mul(perChannel(x, 2, -1)).add(perChannel(x, 0.5f, 3)));
    cases.on(
        OperatorCases.PICTURE,
        "map by channel of one that is repeated for each",
        x -> x.get(":, 0:1").mul(perChannel(x, 2, -1)).add(perChannel(x, 0.5f, 3)));
    cases.on(
        OperatorCases.PICTURE,
        "map by channel and then by position",
        x -> x.mul(perChannel(x, 2, -1)).add(x.getManager().arange(6f)));
    for (long kernel : new long[] {3, 5}) {
      for (long stride : new long[] {1, 2}) {
        cases.on(
            OperatorCases.PICTURE,
            "convolution of a doubled picture, kernel %d, stride %d".formatted(kernel, stride),
            x -> convolution(doubled(x), kernel, stride));
      }
    }
    cases.on(
        OperatorCases.PICTURE,
        "convolution of a picture beside itself",
        x -> convolution(x.concat(x, 2).concat(x.concat(x, 2), 3), 3, 1));
  }

  private static NDArray perChannel(NDArray x, float first, float second) {
    float[] numbers = new float[(int) x.getShape().get(1)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % 2 == 0 ? first : second;
    }
    return x.getManager().create(numbers).reshape(1, numbers.length, 1, 1);
  }

  private static NDArray doubled(NDArray x) {
    long channels = x.getShape().get(1);
    long height = x.getShape().get(2);
    long width = x.getShape().get(3);
    NDArray columns = x.reshape(-1, channels, height, 1, width, 1);
    NDArray wide = columns.concat(columns, 5);
    return wide.concat(wide, 3).reshape(-1, channels, 2 * height, 2 * width);
  }

  private static NDArray convolution(NDArray x, long kernel, long stride) {
    long channels = x.getShape().get(1);
    NDArray weight =
        x.getManager()
            .arange((float) (2 * channels * kernel * kernel))
            .mul(x.getManager().create(0.7f))
            .sin()
            .reshape(2, channels, kernel, kernel);
    return x.getNDArrayInternal()
        .convolution(
            x,
            weight,
            x.getManager().create(new float[] {1, -2}),
            new Shape(stride, stride),
            new Shape(kernel / 2, kernel / 2),
            new Shape(1, 1),
            1)
        .singletonOrThrow();
  }

  private static void pictures(OperatorCases cases) {
    Shape two = new Shape(2, 2);
    Shape none = new Shape(0, 0);
    Shape one = new Shape(1, 1);
    Shape three = new Shape(3, 3);
    cases.on(OperatorCases.PICTURE, "maxPool", x -> Pool.maxPool2d(x, two, two, none, false));
    cases.on(
        OperatorCases.PICTURE, "maxPool padded", x -> Pool.maxPool2d(x, three, two, one, true));
    cases.on(OperatorCases.PICTURE, "avgPool", x -> Pool.avgPool2d(x, two, two, none, false, true));
    cases.on(
        OperatorCases.PICTURE,
        "avgPool padded",
        x -> Pool.avgPool2d(x, three, two, one, false, true));
    cases.on(OperatorCases.PICTURE, "globalAvgPool", Pool::globalAvgPool2d);
    cases.on(OperatorCases.PICTURE, "globalMaxPool", Pool::globalMaxPool2d);
    for (int mode : new int[] {0, 1, 3}) {
      for (long[] size : new long[][] {{16, 12}, {9, 17}, {5, 9}, {3, 4}}) {
        boolean smooth = mode != 0 && size[0] < 8;
        cases.since(
            smooth ? 18 : Opset.OLDEST,
            OperatorCases.PICTURE,
            "interpolation mode %d to %dx%d".formatted(mode, size[0], size[1]),
            x -> x.getNDArrayInternal().interpolation(size, mode, false));
      }
    }
  }
}
