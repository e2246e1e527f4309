package org.layerwise.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingGroup;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.settings.SettingGroups;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Help of a command: its own flags first, then its settings in their groups. Lines are wrapped only at spaces; picocli
 * would also break a line inside {@code sample:definitions}.
 */
final class HelpText {

    private static final int LEAST_WIDTH = 100;
    private static final int MOST_WIDTH = 140;

    /** Width at which picocli wraps nothing. */
    private static final int UNWRAPPED = 2000;

    /** Beginning of a line before the description: spaces, a flag or command, and at least two spaces. */
    private static final Pattern COLUMN = Pattern.compile("^(\\s+\\S.*?\\s{2,}|\\s+)(?=\\S)");

    private HelpText() {}

    /**
     * Returns the terminal width from the start script, limited to a readable range.
     *
     * @param columns width that the start script passed on; null if unknown
     */
    static int width(@Nullable String columns) {
        return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, ConsoleProgress.columns(columns)));
    }

    static String of(CommandLine command, int width) {
        command.setUsageHelpWidth(UNWRAPPED);
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpText::flags);
        return command.getUsageMessage()
                .lines()
                .map(line -> wrap(line.stripTrailing(), width))
                .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
    }

    private static String flags(Help help) {
        List<OptionSpec> own = new ArrayList<>(help.commandSpec().options());
        own.sort(Comparator.comparingInt(OptionSpec::order));
        List<Setting<?>> offered =
                help.commandSpec().userObject() instanceof LayerwiseCommand command ? command.offered() : List.of();
        StringBuilder text = new StringBuilder();
        for (SettingGroup group : SettingGroups.ALL) {
            List<String> names = group.settings().stream()
                    .filter(offered::contains)
                    .<String>map(Setting::flag)
                    .toList();
            List<OptionSpec> members = own.stream()
                    .filter(option -> names.contains(option.longestName()))
                    .toList();
            own.removeAll(members);
            if (!members.isEmpty()) {
                text.append("%n%s:%n".formatted(group.title())).append(list(help, members));
            }
        }
        return list(help, own) + text;
    }

    /** Returns lines for some flags, with their descriptions in the same column as those of all other flags. */
    private static String list(Help help, List<OptionSpec> flags) {
        Help.Layout layout = help.createDefaultLayout(help.commandSpec().options(), List.of(), help.colorScheme());
        layout.addAllOptions(flags, help.parameterLabelRenderer());
        return layout.toString();
    }

    private static String wrap(String line, int width) {
        if (line.length() <= width) {
            return line;
        }
        Matcher column = COLUMN.matcher(line);
        String head = column.find() ? column.group() : "";
        StringBuilder wrapped = new StringBuilder(head);
        int used = head.length();
        boolean first = true;
        for (String word : line.substring(head.length()).split(" +")) {
            if (!first && used + 1 + word.length() > width) {
                wrapped.append(System.lineSeparator()).append(" ".repeat(head.length()));
                used = head.length();
            } else if (!first) {
                wrapped.append(' ');
                used++;
            }
            wrapped.append(word);
            used += word.length();
            first = false;
        }
        return wrapped.toString();
    }
}
