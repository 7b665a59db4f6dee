package secret

// forges are tokens of source code hosts, registries and pipelines.
func forges() []*Rule {
	return []*Rule{
		format("github_token", `\b(?:gh[pousr]_[A-Za-z0-9]{22,255}|github_pat_[A-Za-z0-9_]{22,255})`, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
		format("gitlab_token", `\bgl(?:pat|dt|rt|ptt|cbt|imt|ft|soat|oas|agent|ffct)-[A-Za-z0-9_.-]{20,}`,
			"glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glimt-", "glft-", "glsoat-", "gloas-", "glagent-", "glffct-"),
		format("gitlab_runner_token", `\bGR1348941[A-Za-z0-9_-]{20}`, "GR1348941"),
		format("bitbucket_token", `\b(?:ATBB[A-Za-z0-9]{32}\b|ATCTT3[A-Za-z0-9_=-]{180,})`, "ATBB", "ATCTT3"),
		format("atlassian_token", `\bATATT3[A-Za-z0-9_=-]{100,}`, "ATATT3"),

		format("npm_token", `\bnpm_[A-Za-z0-9]{36}\b`, "npm_"),
		format("pypi_token", `\bpypi-AgE[A-Za-z0-9_-]{50,}`, "pypi-AgE"),
		format("rubygems_key", `\brubygems_[a-f0-9]{48}\b`, "rubygems_"),
		format("crates_token", `\bcio[A-Za-z0-9]{32}\b`, "cio"),
		format("nuget_key", `\boy2[a-z0-9]{43}\b`, "oy2"),
		format("dockerhub_token", `\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{27,32}`, "dckr_pat_", "dckr_oat_"),
		format("artifactory_key", `\bAKCp[A-Za-z0-9]{69}\b`, "AKCp"),
		format("clojars_token", `\bCLOJARS_[a-z0-9]{60}\b`, "CLOJARS_"),
		format("packagist_token", `\bpackagist_[ou][ur]t_[a-f0-9]{68}\b`, "packagist_"),

		format("circleci_token", `\bCCI(?:PAT|PRJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}\b`, "CCIPAT_", "CCIPRJ_"),
		format("buildkite_token", `\bbkua_[a-f0-9]{40}\b`, "bkua_"),
		format("sonarqube_token", `\bsq[apu]_[a-f0-9]{40}\b`, "sqa_", "sqp_", "squ_"),
		format("snyk_token", `\bsnyk_(?:uat|sat)\.[a-f0-9]{8}\.[A-Za-z0-9_-]{40,}`, "snyk_uat.", "snyk_sat."),
		format("postman_key", `\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b`, "PMAK-"),
		beside("jenkins_token", `\b11[a-f0-9]{32}\b`, "jenkins"),
	}
}
