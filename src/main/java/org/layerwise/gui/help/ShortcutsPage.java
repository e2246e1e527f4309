package org.layerwise.gui.help;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.gui.common.Command;

/** Page of all menu items with their keyboard shortcuts. Created from the menus, so that it is always up to date. */
final class ShortcutsPage {

    /** Name of this page. No file of the guide has this name. */
    static final String NAME = "keyboard-shortcuts";

    private ShortcutsPage() {}

    static GuidePage of(List<Command> commands) {
        Map<String, List<List<List<InlineText>>>> menus = new LinkedHashMap<>();
        String files = text("menu.recent-studies").replaceFirst("_", "");
        for (Command command : commands) {
            if (command.place().endsWith(files)) {
                continue; // recent files are not actions
            }
            List<InlineText> keys = command.keys().isEmpty() ? List.of() : List.of(new InlineText.Code(command.keys()));
            menus.computeIfAbsent(command.place(), place -> new ArrayList<>())
                    .add(List.of(words(command.name()), keys));
        }
        List<PageBlock> blocks = new ArrayList<>();
        Anchors anchors = new Anchors();
        blocks.add(heading(1, text("help.keys"), anchors));
        blocks.add(new PageBlock.Paragraph(words(text("help.keys.intro"))));
        menus.forEach((place, rows) -> {
            blocks.add(heading(2, place, anchors));
            blocks.add(new PageBlock.Table(
                    List.of(words(text("help.keys.command")), words(text("help.keys.keys"))), rows));
        });
        blocks.add(heading(2, text("help.keys.elsewhere"), anchors));
        List<List<List<InlineText>>> others = new ArrayList<>();
        for (String line : text("help.keys.others").split("\n")) {
            String[] parts = line.split(" = ", 2);
            others.add(List.of(words(parts[1]), List.of(new InlineText.Code(parts[0]))));
        }
        blocks.add(new PageBlock.Table(List.of(words(text("help.keys.what")), words(text("help.keys.keys"))), others));
        return new GuidePage(NAME, text("help.keys"), blocks);
    }

    private static PageBlock heading(int level, String words, Anchors anchors) {
        return new PageBlock.Heading(level, words(words), anchors.next(words));
    }

    private static List<InlineText> words(String words) {
        return List.of(new InlineText.Words(words, false, false));
    }
}
