/** What models wrote, measured: answers found in it and compared, and code for the harnesses that run it. */
@NullMarked
package org.layerwise.generation.answer;

import org.jspecify.annotations.NullMarked;
