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
