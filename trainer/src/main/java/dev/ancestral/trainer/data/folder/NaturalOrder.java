package dev.ancestral.trainer.data.folder;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names as people count: {@code 2} before {@code 10}, {@code b} before {@code C}. A total order:
 * names that differ in case or in leading zeros alone are ordered by their characters.
 */
public enum NaturalOrder implements Comparator<String> {
  /** The only one. */
  INSTANCE;

  /** A number, or a stretch without digits; the digits are those of ASCII. */
  private static final Pattern PART = Pattern.compile("[0-9]+|[^0-9]+");

  @Override
  public int compare(String first, String second) {
    Matcher left = PART.matcher(first);
    Matcher right = PART.matcher(second);
    while (true) {
      boolean more = left.find();
      if (!right.find()) {
        return more ? 1 : first.compareTo(second);
      }
      if (!more) {
        return -1;
      }
      int order = compareParts(left.group(), right.group());
      if (order != 0) {
        return order;
      }
    }
  }

  private static int compareParts(String left, String right) {
    return isNumber(left) && isNumber(right)
        ? new BigInteger(left).compareTo(new BigInteger(right))
        : String.CASE_INSENSITIVE_ORDER.compare(left, right);
  }

  private static boolean isNumber(String part) {
    return part.charAt(0) >= '0' && part.charAt(0) <= '9';
  }
}
