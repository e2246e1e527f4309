package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.common.Command;

class CommandSearchTest {

    private static final List<Command> COMMANDS = List.of(
            command("New study", "File", true),
            command("Open study…", "File", true),
            command("Save study", "File", false),
            command("Select all layers", "Selection", true),
            command("Analyze", "Analysis", true),
            command("Open analysis…", "Analysis", true));

    private static Command command(String name, String place, boolean enabled) {
        return new Command(name, place, "", enabled, () -> {});
    }

    private static List<String> find(String typed) {
        return CommandSearch.find(typed, COMMANDS).stream().map(Command::name).toList();
    }

    @Test
    void nothingTypedFindsAllThatCanBeDoneFirst() {
        assertThat(find("")).hasSize(6).last().isEqualTo("Save study");
    }

    @Test
    void whatANameBeginsWithComesFirst() {
        assertThat(find("an")).startsWith("Analyze", "Open analysis…");
        assertThat(find("open")).containsExactly("Open study…", "Open analysis…");
    }

    @Test
    void wordsMayBeInAnyOrderAndOfTheMenu() {
        assertThat(find("study open")).containsExactly("Open study…");
        assertThat(find("STUDY file")).containsExactly("New study", "Open study…", "Save study");
        assertThat(find("analysis")).startsWith("Open analysis…").contains("Analyze");
    }

    @Test
    void lettersInOrderAreEnough() {
        assertThat(find("slyr")).containsExactly("Select all layers");
        assertThat(find("xyz")).isEmpty();
    }
}
