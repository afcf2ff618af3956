/** The planner's benchmark, in the package of what it measures, whose class nobody else may see. */
@NullMarked
package dev.ancestral.server.engine;

import org.jspecify.annotations.NullMarked;
