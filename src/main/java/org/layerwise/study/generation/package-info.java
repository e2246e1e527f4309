/** What a study does with the answers of language models: writing some, and measuring many against what is right. */
@NullMarked
package org.layerwise.study.generation;

import org.jspecify.annotations.NullMarked;
