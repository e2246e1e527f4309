package org.layerwise.gui.help;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A page of the guide.
 *
 * @param name its path below the guide's folder: {@code models.md}, {@code decisions/0001-a-base-package.md}
 * @param title its first heading
 */
record Page(String name, String title, List<Block> blocks) {

    Page {
        blocks = List.copyOf(blocks);
    }

    /** The anchors of its headings. */
    Set<String> anchors() {
        return blocks.stream()
                .filter(Block.Heading.class::isInstance)
                .map(block -> ((Block.Heading) block).anchor())
                .collect(Collectors.toUnmodifiableSet());
    }
}
