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
record GuidePage(String name, String title, List<PageBlock> blocks) {

    GuidePage {
        blocks = List.copyOf(blocks);
    }

    /** Returns the anchors of the headings. */
    Set<String> anchors() {
        return blocks.stream()
                .filter(PageBlock.Heading.class::isInstance)
                .map(block -> ((PageBlock.Heading) block).anchor())
                .collect(Collectors.toUnmodifiableSet());
    }
}
