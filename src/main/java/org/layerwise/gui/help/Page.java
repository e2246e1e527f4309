package org.layerwise.gui.help;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Page of the user guide.
 *
 * @param name path below the folder of the guide: {@code models.md}, {@code decisions/0001-a-base-package.md}
 * @param title first heading of the page
 * @param blocks contents of the page
 */
record Page(String name, String title, List<Block> blocks) {

    Page {
        blocks = List.copyOf(blocks);
    }

    /** Returns the anchors of the headings. */
    Set<String> anchors() {
        return blocks.stream()
                .filter(Block.Heading.class::isInstance)
                .map(block -> ((Block.Heading) block).anchor())
                .collect(Collectors.toUnmodifiableSet());
    }
}
