/**
 * Whether a device gives what the CPU gives, and how fast: what {@code gpu-check} runs. Nothing of
 * it is used while serving.
 *
 * <p>Start with {@link dev.ancestral.server.check.DeviceCheck}, which makes a {@link
 * dev.ancestral.server.check.CheckReport} of each model. A {@link
 * dev.ancestral.server.check.ComparedSample} is run in each of the ways that must agree.
 */
@NullMarked
package dev.ancestral.server.check;

import org.jspecify.annotations.NullMarked;
