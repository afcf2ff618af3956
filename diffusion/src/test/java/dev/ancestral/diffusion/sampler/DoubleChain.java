package dev.ancestral.diffusion.sampler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One number's way through a plan, in double precision and without noise. */
final class DoubleChain {
  private final ChainPlan plan;
  private final Deque<Double> history = new ArrayDeque<>();
  private double x;

  DoubleChain(ChainPlan plan, double start) {
    this.plan = plan;
    this.x = start;
  }

  double state() {
    return x;
  }

  /** Takes a step with this output of the network. */
  void take(Step step, double m) {
    double x0 = Reference.clip(plan.clipping(), step.ax() * x + step.am() * m);
    double past = past(step, new ArrayList<>(history));
    double left = step.leaves().x() * x + step.leaves().x0() * x0 + step.leaves().m() * m;
    x = step.b0() * x0 + step.bx() * x + step.bm() * m + past;
    history.addFirst(left);
  }

  /** What the history gives of the next state; the newest entry comes first. */
  static double past(Step step, List<Double> history) {
    double sum = 0;
    for (int entry = 0; entry < step.past().depth(); entry++) {
      sum += step.past().factor(entry) * history.get(entry);
    }
    return sum;
  }
}
