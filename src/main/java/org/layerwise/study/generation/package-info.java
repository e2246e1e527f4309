/** Text generation with language models, and benchmarks that compare the generated answers with the correct ones. */
@NullMarked
package org.layerwise.study.generation;

import org.jspecify.annotations.NullMarked;
