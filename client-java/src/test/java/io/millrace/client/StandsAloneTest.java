package io.millrace.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The client goes into other people's applications: it brings no other part of Millrace. */
@AnalyzeClasses(
    packages = "io.millrace.client",
    importOptions = ImportOption.DoNotIncludeTests.class)
class StandsAloneTest {
  @ArchTest
  static final ArchRule NEEDS_ONLY_THE_JDK_AND_JACKSON_CORE =
      classes()
          .that()
          .resideInAPackage("io.millrace.client")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.millrace.client", "java..", "com.fasterxml.jackson.core..");

  @ArchTest
  static final ArchRule THE_FILTER_ADDS_THE_SERVLET_API =
      classes()
          .that()
          .resideInAPackage("io.millrace.client.servlet")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.millrace.client..", "java..", "jakarta.servlet..");
}
