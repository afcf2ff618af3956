package dev.ancestral.trainer.network.trace;

/** What networks do to arrays: its name in TorchScript, and what its backward pass reads. */
public enum Operator {
  /** Numbers that are part of the network. */
  TENSOR("tensor", Saves.NOTHING),
  /** Ones of a shape. */
  ONES("ones", Saves.NOTHING),
  /** Zeros of a shape. */
  ZEROS("zeros", Saves.NOTHING),

  /** The same numbers in another shape. */
  RESHAPE("reshape", Saves.VIEW),
  /** The same numbers, repeated along axes of one. */
  EXPAND("expand", Saves.VIEW),
  /** Axes in another order. */
  PERMUTE("permute", Saves.VIEW),
  /** Two axes in each other's place. */
  TRANSPOSE("transpose", Saves.VIEW),
  /** The same numbers, one after the other in memory. */
  CONTIGUOUS("contiguous", Saves.NOTHING),
  /** Parts along an axis. */
  SPLIT("split_with_sizes", Saves.VIEW),
  /** In another type. */
  TO("to", Saves.NOTHING),

  /** a + b. */
  ADD("add", Saves.NOTHING),
  /** a - b. */
  SUB("sub", Saves.NOTHING),
  /** a·b. */
  MUL("mul", Saves.INPUTS),
  /** a/b. */
  DIV("div", Saves.INPUTS),
  /** The larger of two. */
  MAXIMUM("maximum", Saves.INPUTS),
  /** The sum along axes. */
  SUM("sum", Saves.NOTHING),
  /** x². */
  SQUARE("square", Saves.INPUTS),
  /** √x. */
  SQRT("sqrt", Saves.RESULT),
  /** cos x. */
  COS("cos", Saves.INPUTS),
  /** sin x. */
  SIN("sin", Saves.INPUTS),

  /** σ(x). */
  SIGMOID("sigmoid", Saves.RESULT),
  /** x·σ(x). */
  SILU("silu", Saves.INPUTS),
  /** x·Φ(x). */
  GELU("gelu", Saves.INPUTS),
  /** The larger of x and 0. */
  RELU("relu", Saves.RESULT),
  /** ln(1 + eˣ). */
  SOFTPLUS("softplus", Saves.INPUTS),
  /** Shares along an axis. */
  SOFTMAX("softmax", Saves.RESULT),
  /** Numbers set to zero by chance. */
  DROPOUT("dropout", Saves.RESULT),

  /** One array after the other along an axis. */
  CAT("cat", Saves.NOTHING),
  /** The product of matrices. */
  MATMUL("matmul", Saves.INPUTS),
  /** x·Wᵀ + b. */
  LINEAR("linear", Saves.INPUTS),
  /** Rows of a table. */
  EMBEDDING("embedding", Saves.NOTHING),
  /** A convolution along one axis. */
  CONV1D("conv1d", Saves.INPUTS),
  /** A convolution along two axes. */
  CONV2D("conv2d", Saves.INPUTS),
  /** Layer normalisation. */
  LAYER_NORM("layer_norm", Saves.INPUTS),
  /** Group normalisation. */
  GROUP_NORM("group_norm", Saves.INPUTS),
  /** Each pixel four times. */
  UPSAMPLE("upsample_nearest2d", Saves.NOTHING),
  /** Attention of [batch, heads, positions, size] without a matrix of weights. */
  ATTENTION("scaled_dot_product_attention", Saves.INPUTS_AND_RESULT);

  /** What lasts until the backward pass. */
  public enum Saves {
    /** Neither the inputs nor the result. */
    NOTHING,
    /** Nothing, and the result is memory of the first input. */
    VIEW,
    /** What it was computed from. */
    INPUTS,
    /** What came of it. */
    RESULT,
    /** Both. */
    INPUTS_AND_RESULT
  }

  private final String torchName;
  private final Saves saves;

  Operator(String torchName, Saves saves) {
    this.torchName = torchName;
    this.saves = saves;
  }

  /** PyTorch's name for it. */
  public String torchName() {
    return torchName;
  }

  /** What its backward pass reads. */
  public Saves saves() {
    return saves;
  }
}
