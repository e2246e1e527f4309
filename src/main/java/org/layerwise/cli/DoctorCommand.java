package org.layerwise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.layerwise.base.CheckResult;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.install.doctor.Doctor;
import org.layerwise.install.doctor.Section;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code doctor}: checks the installation. */
@Command(
        name = "doctor",
        customSynopsis = "layerwise doctor [--json]",
        description =
                "Look at the installation: versions, native libraries, devices, NVIDIA driver, memory, folders, fonts,"
                        + " display. What is wrong is told with a way out; the exit code is 0 if Layerwise can be used.")
final class DoctorCommand extends LayerwiseCommand {

    private static final int STATE_WIDTH = 7;
    private static final int NAME_WIDTH = 19;

    @Option(names = "--json", description = "Print JSON. Default: text.")
    private boolean json;

    @Override
    void run() {
        Doctor doctor = new Doctor(context().folders(), context().environment(), RootCommand.Version.number());
        List<Section> sections = doctor.examine(section -> {
            if (!json) {
                lines(section).forEach(context()::say);
                context().console().out().flush(); // keeps the results on the screen even if the next section crashes
            }
        });
        if (json) {
            Json.pretty(tree(sections)).lines().forEach(context()::say);
        }
        List<String> wrong = sections.stream()
                .filter(section -> !section.usable())
                .map(section -> section.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!wrong.isEmpty()) {
            throw new UserException(
                    "Something is wrong with the %s; the lines above that begin with \"wrong\" say what to do."
                            .formatted(String.join(", the ", wrong)));
        }
    }

    static List<String> lines(Section section) {
        List<String> lines = new ArrayList<>(List.of(section.name()));
        section.findings().forEach(finding -> lines.addAll(lines(finding)));
        return lines;
    }

    /** Returns the result of a check, followed by the advice, if any. */
    static List<String> lines(CheckResult finding) {
        String state = finding.state().name().toLowerCase(Locale.ROOT);
        String line = "  " + padded(state, STATE_WIDTH) + padded(finding.name(), NAME_WIDTH) + finding.text();
        return finding.advice()
                .map(hint -> List.of(line, " ".repeat(2 + STATE_WIDTH + NAME_WIDTH) + hint))
                .orElse(List.of(line));
    }

    static ObjectNode tree(List<Section> sections) {
        ObjectNode tree = Json.object();
        tree.put("usable", sections.stream().allMatch(Section::usable));
        ArrayNode parts = tree.putArray("sections");
        for (Section section : sections) {
            ArrayNode findings = parts.addObject()
                    .put("name", section.name())
                    .put("usable", section.usable())
                    .putArray("findings");
            for (CheckResult finding : section.findings()) {
                findings.addObject()
                        .put("state", finding.state().name().toLowerCase(Locale.ROOT))
                        .put("name", finding.name())
                        .put("text", finding.text())
                        .put("hint", finding.hint());
            }
        }
        return tree;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
