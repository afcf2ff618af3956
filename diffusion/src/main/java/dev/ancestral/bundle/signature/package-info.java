/**
 * What an ONNX file's inputs and output are to be, in other people's files as well: one set of
 * rules for those who serve a file and those who only look at it, who read ONNX by different means.
 */
@NullMarked
package dev.ancestral.bundle.signature;

import org.jspecify.annotations.NullMarked;
