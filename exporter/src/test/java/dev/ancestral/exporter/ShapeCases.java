package dev.ancestral.exporter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;

/** Other shapes, orders and choices of the same numbers; and fewer numbers. */
final class ShapeCases {
  private ShapeCases() {}

  static void register(OperatorCases cases) {
    shaping(cases);
    joining(cases);
    picking(cases);
    reductions(cases);
  }

  private static void shaping(OperatorCases cases) {
    cases.one("reshape with the batch inferred", x -> x.reshape(-1, 2, 6));
    cases.one("reshape with the batch named", x -> x.reshape(x.getShape().get(0), 12));
    cases.one("reshape joins batch and rows", x -> x.reshape(-1, 4).mul(2).reshape(-1, 3, 4));
    cases.one("expandDims and squeeze", x -> x.expandDims(1).mul(2).squeeze(1));
    cases.one("squeeze several", x -> x.expandDims(1).expandDims(4).squeeze(new int[] {1, 4}));
    cases.one("flatten", x -> x.flatten(1, 2));
    cases.one("flatten all", x -> x.flatten().mul(2).reshape(x.getShape()));
    cases.one("transpose", x -> x.transpose(0, 2, 1));
    cases.one("transpose all", x -> x.transpose().exp().transpose());
    cases.one("swapAxes", x -> x.swapAxes(1, 2));
    cases.one("broadcast", x -> x.expandDims(1).broadcast(x.getShape().get(0), 5, 3, 4));
    cases.one("broadcast over the batch", x -> x.sum(new int[] {0}).broadcast(x.getShape()));
    cases.one("tile", x -> x.tile(new long[] {1, 2, 3}));
    cases.one("tile every axis", x -> x.tile(2).get("0:{}", x.getShape().get(0)));
    cases.one("repeat every axis", x -> x.repeat(2).get("0:{}", x.getShape().get(0)));
    cases.one("repeat to a shape", x -> x.repeat(new Shape(x.getShape().get(0), 6, 4)));
    cases.one("repeat along an axis", x -> x.repeat(2, 3));
    cases.one("repeat along all", x -> x.repeat(new long[] {1, 2, 3}));
    cases.one("flip", x -> x.flip(1, 2));
    cases.one("zerosLike", x -> x.zerosLike().add(x));
    cases.one("onesLike", x -> x.onesLike().mul(x));
    cases.one("duplicate", x -> x.duplicate().addi(1).add(x));
    cases.one("stopGradient", x -> x.stopGradient().add(x));
    cases.one("swap twice", x -> x.swapAxes(1, 2).swapAxes(1, 2));
  }

  private static void joining(OperatorCases cases) {
    cases.two("concat", (x, y) -> x.concat(y, 1));
    cases.two("concat at the end", (x, y) -> x.concat(y, -1));
    cases.two("NDArrays.concat", (x, y) -> NDArrays.concat(new NDList(x, y, x), 2));
    cases.two("stack", (x, y) -> x.stack(y, 1));
    cases.two("NDArrays.stack", (x, y) -> NDArrays.stack(new NDList(x, y), 3));
    cases.many("split evenly", OperatorCases.MATRIX, in -> in.get(0).split(2, 2));
    cases.many("split", OperatorCases.MATRIX, in -> in.get(0).split(new long[] {1, 3}, 2));
    cases.one("pad", x -> x.pad(new Shape(1, 2, 0, 1), 0.5));
  }

  private static void picking(OperatorCases cases) {
    cases.one("slice", x -> x.get(":, 1:3, ::2"));
    cases.one("slice from the end", x -> x.get(":, -2:, :-1"));
    cases.one("fixed position", x -> x.get(":, 1"));
    cases.one("last position", x -> x.get("..., -1"));
    cases.one("new axis", x -> x.get(new NDIndex(":, null, 1:")));
    cases.one("rows of the batch", x -> x.get("0:{}", x.getShape().get(0)));
    cases.one("constant indices", x -> x.get(":, {}", x.getManager().create(new long[] {2, 0})));
    cases.on2(OperatorCases.NUMBERS_AND_LABELS, "gather", (x, labels) -> x.gather(labels, 1));
    cases.on2(
        OperatorCases.NUMBERS_AND_LABELS,
        "take from a table",
        (x, labels) ->
            x.getManager().arange(8f).reshape(4, 2).get(labels.get(":, 0")).add(x.get(":, 0:2")));
    cases.on2(
        OperatorCases.NUMBERS_AND_LABELS,
        "embedding",
        (x, labels) -> {
          NDArray table = x.getManager().arange(20f).reshape(4, 5);
          return Embedding.embedding(labels, table, SparseFormat.DENSE).singletonOrThrow();
        });
    cases.on2(
        OperatorCases.NUMBERS_AND_LABELS,
        "take from the flattened",
        (x, labels) -> x.getManager().arange(8f).reshape(2, 4).take(labels).add(x.get(":, 0:2")));
    cases.on2(OperatorCases.NUMBERS_AND_LABELS, "oneHot", (x, labels) -> labels.oneHot(4));
    cases.on2(
        OperatorCases.NUMBERS_AND_LABELS,
        "oneHot of a type",
        (x, labels) -> labels.oneHot(4, DataType.INT64));
    cases.many("topK", OperatorCases.MATRIX, in -> in.get(0).topK(2, 2, true, true));
  }

  private static void reductions(OperatorCases cases) {
    cases.one("sum", x -> x.sum(new int[] {1, 2}));
    cases.one("sum keeping axes", x -> x.sum(new int[] {2}, true));
    cases.on(OperatorCases.PICTURE, "sum of channels", x -> x.sum(new int[] {1}, true));
    cases.one("mean", x -> x.mean(new int[] {1}));
    cases.one("max", x -> x.max(new int[] {2}, true));
    cases.one("min", x -> x.min(new int[] {-1}));
    cases.one("prod", x -> x.prod(new int[] {2}));
    cases.one("reductions of all", x -> x.add(x.sum()).add(x.mean()).add(x.max()).add(x.min()));
    cases.one("prod of all", x -> x.tanh().prod().add(x));
    cases.on(OperatorCases.INTEGERS, "sum of whole numbers", x -> x.sum(new int[] {2}));
    cases.one("norm", x -> x.norm(new int[] {2}));
    cases.one("norm of all", x -> x.div(x.norm()));
    cases.one("normalize", x -> x.normalize(2, 2));
    cases.on(OperatorCases.PICTURE, "normalize channels", x -> x.normalize(2, 1));
    cases.one("argMax", x -> x.argMax(2));
    cases.one("argMin", x -> x.argMin(1));
    cases.one("argMax of all", x -> x.add(x.argMax()));
    cases.one("argMin of all", x -> x.add(x.argMin()));
    cases.one("cumSum", x -> x.cumSum(1));
    cases.one("cumSum of the first axis", x -> x.transpose(1, 0, 2).cumSum().transpose(1, 0, 2));
    cases.one("softmax", x -> x.softmax(-1));
    cases.one("logSoftmax", x -> x.logSoftmax(1));
  }
}
