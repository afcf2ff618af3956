package dev.ancestral.diffusion;

/** Few linear equations in as many unknowns, in double. */
public final class LinearEquations {
  private LinearEquations() {}

  /**
   * Gauss' elimination with the largest pivot of each column.
   *
   * @param rows the equations, each with its right side as the last number; they change
   * @return the unknowns
   */
  public static double[] solve(double[][] rows) {
    int count = rows.length;
    for (int column = 0; column < count; column++) {
      for (int row = column + 1; row < count; row++) {
        if (Math.abs(rows[row][column]) > Math.abs(rows[column][column])) {
          double[] pivot = rows[row];
          rows[row] = rows[column];
          rows[column] = pivot;
        }
      }
      for (int row = column + 1; row < count; row++) {
        double factor = rows[row][column] / rows[column][column];
        for (int k = column; k <= count; k++) {
          rows[row][k] -= factor * rows[column][k];
        }
      }
    }
    double[] solution = new double[count];
    for (int row = count - 1; row >= 0; row--) {
      double sum = rows[row][count];
      for (int k = row + 1; k < count; k++) {
        sum -= rows[row][k] * solution[k];
      }
      solution[row] = sum / rows[row][row];
    }
    return solution;
  }
}
