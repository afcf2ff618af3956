package dev.ancestral.client.flags;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A list of options with headings between them. */
final class SectionedHelp {
  private SectionedHelp() {}

  /** Gives the command's help its {@link HelpSection}s. */
  static void install(CommandSpec command) {
    Map<String, IHelpSectionRenderer> renderers =
        new HashMap<>(command.usageMessage().sectionMap());
    renderers.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, SectionedHelp::render);
    command.usageMessage().sectionMap(renderers);
  }

  private static String render(Help help) {
    StringBuilder text = new StringBuilder();
    for (HelpSection section : HelpSection.values()) {
      List<OptionSpec> options =
          help.commandSpec().options().stream()
              .filter(option -> !option.hidden() && section.has(option))
              .toList();
      if (!options.isEmpty()) {
        if (!section.heading().isEmpty()) {
          text.append(help.createHeading("%n%s%n", section.heading()));
        }
        Help.Layout layout = help.createDefaultLayout();
        layout.addAllOptions(options, help.createDefaultParamLabelRenderer());
        text.append(layout);
      }
    }
    return text.toString();
  }
}
