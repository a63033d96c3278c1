// Lints and renders a Helm chart with Helm's own library, for machines without helm.
//
//	helm_template lint CHART        one finding a line, exit code 1 if there are any
//	helm_template template CHART    the manifests, each under "# Source: FILE", as helm prints them
//
// -f FILE adds a file of values, -n NAMESPACE and -r RELEASE name what is rendered.
package main

import (
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
)

const (
	exitFound = 1
	exitUsage = 2
)

func lintChart(path, namespace string, values map[string]interface{}) int {
	status := 0
	for _, message := range lint.All(path, values, namespace, true).Messages {
		if message.Severity >= support.WarningSev {
			fmt.Println(message.Error())
			status = exitFound
		}
	}
	return status
}

func template(path, release, namespace string, values map[string]interface{}) error {
	loaded, err := loader.Load(path)
	if err != nil {
		return err
	}
	if err := chartutil.ProcessDependenciesWithMerge(loaded, values); err != nil {
		return err
	}
	options := chartutil.ReleaseOptions{
		Name: release, Namespace: namespace, Revision: 1, IsInstall: true,
	}
	all, err := chartutil.ToRenderValues(loaded, values, options, chartutil.DefaultCapabilities)
	if err != nil {
		return err
	}
	rendered, err := engine.Engine{Strict: true}.Render(loaded, all)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(rendered))
	for name := range rendered {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		text := rendered[name]
		if strings.TrimSpace(text) != "" && !strings.HasSuffix(name, "NOTES.txt") {
			fmt.Printf("---\n# Source: %s\n%s\n", name, strings.TrimSpace(text))
		}
	}
	return nil
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: helm_template {lint|template} [-f FILE] CHART")
		os.Exit(exitUsage)
	}
	flags := flag.NewFlagSet("helm_template", flag.ExitOnError)
	file := flags.String("f", "", "a file of values")
	namespace := flags.String("n", "default", "the namespace of the release")
	release := flags.String("r", "portway", "the name of the release")
	_ = flags.Parse(os.Args[2:])
	values := map[string]interface{}{}
	if *file != "" {
		read, err := chartutil.ReadValuesFile(*file)
		if err != nil {
			fmt.Println(err)
			os.Exit(exitFound)
		}
		values = read
	}
	if os.Args[1] == "lint" {
		os.Exit(lintChart(flags.Arg(0), *namespace, values))
	}
	if err := template(flags.Arg(0), *release, *namespace, values); err != nil {
		fmt.Println(err)
		os.Exit(exitFound)
	}
}
