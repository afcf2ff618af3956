package dev.ancestral.exporter.onnx;

/** Type of a tensor's numbers, with ONNX's code for it. */
public enum ElementType {
  /** 32-bit floating point. */
  FLOAT("float32", 1, 4, Category.FLOATING),
  /** Unsigned byte. */
  UINT8("uint8", 2, 1, Category.INTEGER),
  /** Signed byte. */
  INT8("int8", 3, 1, Category.INTEGER),
  /** 32-bit integer. */
  INT32("int32", 6, 4, Category.INTEGER),
  /** 64-bit integer. */
  INT64("int64", 7, 8, Category.INTEGER),
  /** True or false, a byte each. */
  BOOL("bool", 9, 1, Category.BOOLEAN),
  /** 16-bit floating point. */
  FLOAT16("float16", 10, 2, Category.FLOATING),
  /** 64-bit floating point. */
  DOUBLE("float64", 11, 8, Category.FLOATING);

  /** What PyTorch's promotion rules look at first; a later category wins. */
  public enum Category {
    /** Truth values. */
    BOOLEAN,
    /** Whole numbers. */
    INTEGER,
    /** Floating point. */
    FLOATING
  }

  private final String label;
  private final int code;
  private final int bytes;
  private final Category category;

  ElementType(String label, int code, int bytes, Category category) {
    this.label = label;
    this.code = code;
    this.bytes = bytes;
    this.category = category;
  }

  /** {@code TensorProto.DataType}. */
  public int code() {
    return code;
  }

  /** Size of one number. */
  public int bytes() {
    return bytes;
  }

  /** Boolean, integer or floating point. */
  public Category category() {
    return category;
  }

  /** The type's name with its size, as {@code float32}; for types of others their code. */
  public static String labelOf(int code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type.label;
      }
    }
    return "type " + code;
  }
}
