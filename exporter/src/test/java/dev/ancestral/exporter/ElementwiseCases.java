package dev.ancestral.exporter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;

/** Element by element. */
final class ElementwiseCases {
  private ElementwiseCases() {}

  static void register(OperatorCases cases) {
    arithmetic(cases);
    comparisons(cases);
    activations(cases);
  }

  private static void arithmetic(OperatorCases cases) {
    cases.two("add", NDArray::add);
    cases.two("sub", NDArray::sub);
    cases.two("mul", NDArray::mul);
    cases.two("div", (x, y) -> x.div(y.abs().add(1)));
    cases.two("pow", (x, y) -> x.abs().pow(y));
    cases.two("mod", (x, y) -> x.mod(y.abs().add(1)));
    cases.two("maximum", NDArray::maximum);
    cases.two("minimum", NDArray::minimum);
    cases.two("NDArrays.add", (x, y) -> NDArrays.add(x, y));
    cases.two("broadcast row", (x, y) -> x.add(y.get(":, 0:1")));
    cases.one("add a number", x -> x.add(2));
    cases.one("sub a number", x -> x.sub(0.5));
    cases.one("number minus x", x -> NDArrays.sub(1, x));
    cases.one("number over x", x -> NDArrays.div(1, x.abs().add(1)));
    cases.one("number to the x", x -> NDArrays.pow(2, x));
    cases.one("mul a number", x -> x.mul(3f));
    cases.one("div a number", x -> x.div(3));
    cases.one("pow a number", x -> x.pow(2));
    cases.one("mod a number", x -> x.mod(0.7));
    cases.one("maximum with a number", x -> x.maximum(0.1));
    cases.one("minimum with a number", x -> x.minimum(0.1));
    cases.one("clip", x -> x.clip(-0.5, 0.5));
    cases.one("in place", x -> x.add(0).addi(1).muli(2).subi(3).divi(4).negi());
    cases.one("neg", NDArray::neg);
    cases.one("abs", NDArray::abs);
    cases.one("sign", NDArray::sign);
    cases.one("floor", NDArray::floor);
    cases.one("ceil", NDArray::ceil);
    cases.one("round", x -> x.mul(2).round());
    cases.one("trunc", x -> x.mul(2).trunc());
    cases.one("sqrt", x -> x.abs().sqrt());
    cases.one("square", NDArray::square);
    cases.one("exp", NDArray::exp);
    cases.one("log", x -> x.abs().log());
    cases.one("log2", x -> x.abs().log2());
    cases.one("log10", x -> x.abs().log10());
    cases.one("erf", NDArray::erf);
    cases.one("sin", NDArray::sin);
    cases.one("cos", NDArray::cos);
    cases.one("tan", x -> x.clip(-1, 1).tan());
    cases.one("asin", x -> x.clip(-1, 1).asin());
    cases.one("acos", x -> x.clip(-1, 1).acos());
    cases.one("atan", NDArray::atan);
    cases.one("sinh", NDArray::sinh);
    cases.one("cosh", NDArray::cosh);
    cases.one("tanh", NDArray::tanh);
    cases.one("toDegrees", NDArray::toDegrees);
    cases.one("toRadians", NDArray::toRadians);
    cases.one("toType", x -> x.mul(3).toType(DataType.INT32, false));
    cases.on(OperatorCases.INTEGERS, "whole numbers times a float", x -> x.mul(0.5f));
    cases.on(OperatorCases.INTEGERS, "whole numbers over a whole number", x -> x.div(2));
    cases.on(OperatorCases.INTEGERS, "whole numbers modulo", x -> x.sub(2).mod(3));
    cases.on(OperatorCases.INTEGERS, "sqrt of whole numbers", NDArray::sqrt);
  }

  private static void comparisons(OperatorCases cases) {
    cases.two("gt", NDArray::gt);
    cases.two("gte", NDArray::gte);
    cases.two("lt", NDArray::lt);
    cases.two("lte", NDArray::lte);
    cases.two("eq", (x, y) -> x.sign().eq(y.sign()));
    cases.two("neq", (x, y) -> x.sign().neq(y.sign()));
    cases.two("and", (x, y) -> x.gt(0).logicalAnd(y.gt(0)));
    cases.two("or", (x, y) -> x.gt(0).logicalOr(y.gt(0)));
    cases.two("xor", (x, y) -> x.gt(0).logicalXor(y.gt(0)));
    cases.two("where", (x, y) -> NDArrays.where(x.gt(0), x, y));
    cases.one("not", x -> x.gt(0.5).logicalNot());
    cases.one("lt a number", x -> x.lt(0.5));
    cases.one("lte a number", x -> x.sign().lte(0));
    cases.one("gte a number", x -> x.sign().gte(0));
    cases.one("neq a number", x -> x.sign().neq(1));
    cases.one("isNaN", x -> x.log().isNaN());
    cases.one("isInfinite", x -> x.sign().maximum(0).log().isInfinite());
    cases.on(OperatorCases.INTEGERS, "whole numbers eq", x -> x.eq(2));
    cases.on(OperatorCases.INTEGERS, "whole numbers gt a fraction", x -> x.gt(1.5));
    cases.one("truth values as numbers", x -> x.gt(0).toType(DataType.FLOAT32, false).mul(x));
  }

  private static void activations(OperatorCases cases) {
    cases.one("relu", Activation::relu);
    cases.one("relu6", x -> Activation.relu6(x.mul(5)));
    cases.one("sigmoid", Activation::sigmoid);
    cases.one("tanh activation", Activation::tanh);
    cases.one("softPlus", Activation::softPlus);
    cases.one("softSign", Activation::softSign);
    cases.one("leakyRelu", x -> Activation.leakyRelu(x, 0.2f));
    cases.one("elu", x -> Activation.elu(x, 0.7f));
    cases.one("selu", Activation::selu);
    cases.one("gelu", Activation::gelu);
    cases.one("swish", x -> Activation.swish(x, 1.5f));
    cases.one("mish", Activation::mish);
  }
}
