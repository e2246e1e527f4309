package org.layerwise.gui.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.Desk;
import org.layerwise.gui.common.Command;
import org.layerwise.gui.help.HelpViewModel.Shown;

class HelpViewModelTest {

    private final Desk desk = new Desk();
    private final List<URI> opened = new ArrayList<>();
    private final HelpViewModel help = new HelpViewModel(
            desk,
            desk,
            () -> List.of(
                    new Command("Open study…", "File", "Ctrl+O", true, () -> {}),
                    new Command("About", "Help", "", true, () -> {})),
            opened::add);

    @Test
    void readsThePagesOnceAndOffTheThread() {
        help.open("models.md");
        assertThat(help.shownProperty().get()).isNull();
        assertThat(desk.waiting()).isEqualTo(1);
        help.open("data.md");
        desk.work();

        assertThat(name()).isEqualTo("data.md");
        assertThat(help.contents()).first().extracting(GuidePage::name).isEqualTo("index.md");
        help.open("models.md");
        assertThat(desk.waiting()).isZero();
        assertThat(name()).isEqualTo("models.md");
    }

    @Test
    void goesBackAndForthToWhereOneWas() {
        open("index.md");
        help.scrollProperty().set(0.4);
        help.follow("models.md#files");
        assertThat(help.shownProperty().get())
                .isEqualTo(new Shown(help.shownProperty().get().page(), "files", -1));
        help.back();
        assertThat(name()).isEqualTo("index.md");
        assertThat(help.shownProperty().get().scroll()).isEqualTo(0.4);
        assertThat(help.canGoBackProperty().get()).isFalse();
        help.forward();
        assertThat(name()).isEqualTo("models.md");
        assertThat(help.canGoForwardProperty().get()).isFalse();
        help.back();
        help.open("data.md");
        assertThat(help.canGoForwardProperty().get()).isFalse();
    }

    @Test
    void aPageThatIsThereAlreadyIsNoStep() {
        open("index.md");
        help.open("index.md");
        assertThat(help.canGoBackProperty().get()).isFalse();
    }

    @Test
    void anUnknownPageIsTheIndex() {
        open("no-such-page.md");
        assertThat(name()).isEqualTo("index.md");
    }

    @Test
    void addressesGoToTheBrowser() {
        open("index.md");
        help.follow("https://arxiv.org/abs/2602.05988");
        assertThat(opened).containsExactly(URI.create("https://arxiv.org/abs/2602.05988"));
        assertThat(name()).isEqualTo("index.md");
        assertThat(help.leadsTo("models.md")).isEqualTo("Models");
        assertThat(help.leadsTo("https://arxiv.org")).isEqualTo("https://arxiv.org");
    }

    @Test
    void thePageOfKeysIsMadeOfTheMenus() {
        open("index.md");
        help.openShortcuts();
        GuidePage page = help.shownProperty().get().page();
        assertThat(page.title()).isEqualTo("Keyboard shortcuts");
        assertThat(PageBlock.plain(page.blocks()))
                .contains("Open study… Ctrl+O")
                .contains("About ");
    }

    @Test
    void wordsAreFoundAsTheyAreTyped() {
        open("index.md");
        help.queryProperty().set("safetensors");
        assertThat(help.found()).isNotEmpty();
        help.queryProperty().set("");
        assertThat(help.found()).isEmpty();
    }

    private void open(String page) {
        help.open(page);
        desk.work();
    }

    private String name() {
        return help.shownProperty().get().page().name();
    }
}
