# METADATA
# scope: package
# title: Classes of data
# description: none, personal, confidential, special, from least to most sensitive; unknown is none of these and reaches nothing.
package lib.class

rank := {"none": 0, "personal": 1, "confidential": 2, "special": 3}

personal(class) if reaches(class, "personal")

reaches(class, least) if rank[class] >= rank[least]
