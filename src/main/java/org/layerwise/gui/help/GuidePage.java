package org.layerwise.gui.help;

import java.util.List;

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
}
