/** Evaluates generated text: extracts and compares answers, and extracts code for the harnesses that run it. */
@NullMarked
package org.layerwise.generation.answer;

import org.jspecify.annotations.NullMarked;
