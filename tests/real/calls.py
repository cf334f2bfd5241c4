"""One call for each of many operations of GitHub: arguments such as a program gives, of every kind and place."""

REPOSITORY = {"owner": "octo-org", "repo": "hello world"}
ORGANIZATION = {"org": "octo-org"}
DIGEST = "sha256:" + "a1" * 32

CALLS = {
    # Holes of the path: texts, integers, an enum, and letters that a URL must escape.
    "meta/get-zen": {},
    "users/get-by-username": {"username": "mona"},
    "issues/get-milestone": {**REPOSITORY, "milestoneNumber": 1},
    "orgs/enable-or-disable-security-product-on-all-org-repos": {
        **ORGANIZATION,
        "securityProduct": "secret_scanning",
        "enablement": "enable_all",
    },
    "git/get-ref": {**REPOSITORY, "ref": "heads/feature a?b#c%20é"},
    "actions/get-workflow": {**REPOSITORY, "workflowId": "release.yml"},
    "orgs/list-artifact-deployment-records": {**ORGANIZATION, "subjectDigest": DIGEST},
    # Query: texts, integers, booleans, enums, dates, arrays, one value or many.
    "repos/list-for-org": {**ORGANIZATION, "type": "sources", "sort": "full_name", "direction": "asc", "perPage": 100},
    "issues/list-for-repo": {**REPOSITORY, "labels": "bug,ui & more", "since": "2024-05-17T09:30:00Z", "page": 2},
    "activity/list-notifications-for-authenticated-user": {"all": True, "participating": False},
    "search/repos": {"q": 'language:"C++" stars:>=100 ünïcode', "sort": "stars", "order": "desc"},
    "api-insights/get-user-stats": {
        **ORGANIZATION,
        "userId": "1",
        "minTimestamp": "2024-05-17T09:30:00Z",
        "timestampIncrement": "5m",
        "sort": ["last_request_timestamp", "total_request_count"],
    },
    "orgs/list-pat-grants": {**ORGANIZATION, "owner": ["mona", "octo cat"], "tokenId": ["1", "2", "3"]},
    "code-scanning/list-alerts-for-repo": {**REPOSITORY, "state": "open", "sort": "created", "ref": "refs/heads/main"},
    # JSON bodies, nested.
    "orgs/custom-properties-for-repos-create-or-update-organization-values": {
        **ORGANIZATION,
        "body": {"repository_names": ["hello"], "properties": [{"property_name": "tier", "value": ["a", "b"]}]},
    },
    "orgs/create-webhook": {
        **ORGANIZATION,
        "body": {
            "name": "web",
            "active": True,
            "events": ["push", "pull_request"],
            "config": {"url": "https://example.com/hook", "content_type": "json", "insecure_ssl": 0},
        },
    },
    "checks/create": {
        **REPOSITORY,
        "body": {
            "name": "build",
            "head_sha": "ce587453ced02b1526dfb4cb910479d431683101",
            "status": "completed",
            "conclusion": "success",
            "completed_at": "2024-05-17T09:30:00Z",
            "output": {
                "title": "Report",
                "summary": 'two "notes"\nand a line break',
                "annotations": [
                    {
                        "path": "README.md",
                        "start_line": 2,
                        "end_line": 2,
                        "annotation_level": "warning",
                        "message": "{{a template?}}",
                    }
                ],
            },
        },
    },
    "git/create-tree": {
        **REPOSITORY,
        "body": {
            "base_tree": "9fb037999f264ba9a7fc6274d15fa3ae2ab98312",
            "tree": [{"path": "a.rb", "mode": "100644", "type": "blob", "sha": "44b4fc6d56897b048c772eb4087f854f46256132"}],
        },
    },
    "issues/create": {**REPOSITORY, "body": {"title": "Found a bug", "labels": ["bug", {"name": "ui"}], "milestone": 1}},
    "gists/create": {"body": {"public": False, "files": {"hello.py": {"content": "print('é')\n"}}}},
    "repos/create-dispatch-event": {**REPOSITORY, "body": {"event_type": "go", "client_payload": {"a": [1, None, {}]}}},
    # A body that is text and another type of answer.
    "markdown/render-raw": {"body": "# Title\n\n*words*"},
    "markdown/render": {"body": {"text": "Hello **world**", "mode": "gfm"}},
    # PUT, PATCH, DELETE; answers without content.
    "repos/replace-all-topics": {**REPOSITORY, "body": {"names": ["octocat", "atom"]}},
    "repos/create-or-update-file-contents": {
        **REPOSITORY,
        "path": "docs/read me.md",
        "body": {
            "message": "a change",
            "content": "bXkgbmV3IGZpbGUgY29udGVudHM=",
            "committer": {"name": "Mona", "email": "mona@example.com"},
        },
    },
    "repos/update-branch-protection": {
        **REPOSITORY,
        "branch": "main",
        "body": {
            "required_status_checks": {"strict": True, "contexts": ["ci/build"]},
            "enforce_admins": None,
            "required_pull_request_reviews": {"required_approving_review_count": 2},
            "restrictions": {"users": ["mona"], "teams": ["justice-league"], "apps": []},
        },
    },
    "pulls/merge": {**REPOSITORY, "pullNumber": 7, "body": {"merge_method": "squash"}},
    "activity/star-repo-for-authenticated-user": dict(REPOSITORY),
    "issues/update": {**REPOSITORY, "issueNumber": 1347, "body": {"state": "closed", "state_reason": "completed"}},
    "issues/update-milestone": {**REPOSITORY, "milestoneNumber": 1, "body": {"title": "v1.0", "state": "open"}},
    "gists/delete": {"gistId": "aa5a315d61ae9438b18d"},
    "issues/remove-label": {**REPOSITORY, "issueNumber": 1347, "name": "good first issue"},
    "issues/unlock": {**REPOSITORY, "issueNumber": 1347},
}

# Requests that the document does not allow, sent to prism itself: one for each place of an argument.
WRONG = {
    "path": ("GET", "/repos/octo-org/hello/issues/not-a-number", None),
    "query": ("GET", "/orgs/octo-org/repos?direction=sideways", None),
    "body": ("POST", "/orgs/octo-org/repos", {"name": 3}),
    "nested body": ("POST", "/orgs/octo-org/hooks", {"name": "web", "config": {"content_type": "json"}}),
}
